// Lists that change by themselves are read again every minute, while someone is there to read them. Every
// page works without this file: its "Refresh" link does the same.
const EVERY_SECONDS = 60;
// A page that nobody touches must not keep a session alive: staff are signed out after an hour of rest.
const REST_SECONDS = 20 * 60;

const parts = () => [...document.querySelectorAll("[data-refresh]")];
let touchedAt = Date.now();
let stopped = false;
let failed = false;

for (const sign of ["keydown", "pointerdown", "scroll"]) {
  addEventListener(sign, () => { touchedAt = Date.now(); }, { passive: true });
}

const button = document.createElement("button");
button.type = "button";
button.className = "hub-link-button console-refresh";
button.addEventListener("click", () => {
  stopped = !stopped;
  name();
});
document.querySelector('[data-refresh="tally"]')?.after(button);
name();

function name() {
  const going = failed ? "Could not refresh by itself: use Refresh, or stop trying" : "Stop refreshing by itself";
  button.textContent = stopped ? "Refresh by itself again" : going;
}

async function refresh() {
  const resting = Date.now() - touchedAt > REST_SECONDS * 1000;
  // Nobody loses the place they are at: a list with the keyboard's focus in it stays as it is.
  const held = parts().some((part) => part.contains(document.activeElement));
  if (stopped || resting || held || document.hidden) return;
  // Signed out, the answer would be a way to sign in: that is no list.
  const answer = await fetch(location.href, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of parts()) {
    const other = fresh.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
    // What is the same stays: a screen reader is told of new urgency once, not every minute.
    if (other && other.innerHTML !== part.innerHTML) part.replaceChildren(...other.childNodes);
  }
}

// Away for a moment: the page says so, keeps saying as of when it is, and tries again in a minute.
setInterval(async () => {
  try {
    await refresh();
    failed = false;
  } catch {
    failed = true;
  }
  name();
}, EVERY_SECONDS * 1000);
