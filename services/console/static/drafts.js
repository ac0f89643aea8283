// What is typed into a form that says where its draft goes is kept there every twenty seconds, if it changed.
// The form works without this file: "Save and come back" does the same.
const EVERY_SECONDS = 20;

for (const form of document.querySelectorAll("form[data-draft]")) {
  const state = form.querySelector("[data-draft-state]");
  const typed = (of = form) => new URLSearchParams(new FormData(of)).toString();
  // As the page came: whoever types before this file has arrived has changed something, too.
  const asItCame = form.cloneNode(true);
  asItCame.reset();
  let kept = typed(asItCame);
  let leaving = false;
  let keeping = null;

  // What is sent ends its draft. One that is on its way just then would come after that, and be offered again.
  form.addEventListener("submit", (event) => {
    leaving = true;
    if (!keeping) return;
    event.preventDefault();
    keeping.finally(() => form.requestSubmit(event.submitter));
  });
  // Back at the page, from the one that came of it: it is written on.
  addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });

  async function keep(now) {
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "POST",
        redirect: "error",
        headers: { "Content-Type": "application/x-www-form-urlencoded" },
        body: now,
        signal: AbortSignal.timeout(EVERY_SECONDS * 500),
      });
      if (!answer.ok) throw new Error(answer.statusText);
      kept = now;
      const clock = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/London" });
      if (state) state.textContent = `Draft kept at ${clock}.`;
    } catch {
      if (state) state.textContent = "The draft could not be kept just now. What you typed is still on this page.";
    }
  }

  setInterval(() => {
    const now = typed();
    if (leaving || keeping || now === kept) return;
    keeping = keep(now).finally(() => { keeping = null; });
  }, EVERY_SECONDS * 1000);
}
