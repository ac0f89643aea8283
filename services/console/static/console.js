// Lists that change by themselves are read again every minute, while someone is there to read them. Every
// page works without this file: its "Refresh" link does the same.
const EVERY_SECONDS = 60;
// A page that nobody touches must not keep a session alive: staff are signed out after an hour of rest.
const REST_SECONDS = 20 * 60;

const parts = () => [...document.querySelectorAll("[data-refresh]")];
let touchedAt = Date.now();
let stopped = false;

for (const sign of ["keydown", "pointerdown", "scroll"]) {
  addEventListener(sign, () => { touchedAt = Date.now(); }, { passive: true });
}

const button = document.createElement("button");
button.type = "button";
button.className = "hub-link-button console-refresh";
button.textContent = "Stop refreshing by itself";
button.addEventListener("click", () => {
  stopped = !stopped;
  button.textContent = stopped ? "Refresh by itself again" : "Stop refreshing by itself";
});
document.querySelector('[data-refresh="tally"]')?.after(button);

async function refresh() {
  const resting = Date.now() - touchedAt > REST_SECONDS * 1000;
  // Nobody loses the place they are at: a list with the keyboard's focus in it stays as it is.
  const held = parts().some((part) => part.contains(document.activeElement));
  if (stopped || resting || held || document.hidden) return;
  const answer = await fetch(location.href, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts()) {
    const other = fresh.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
    // What is the same stays: a screen reader is told of new urgency once, not every minute.
    if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...other.childNodes);
  }
}

// Away for a moment: the next minute tries again, and the page says as of when it is.
setInterval(() => { refresh().catch(() => {}); }, EVERY_SECONDS * 1000);
