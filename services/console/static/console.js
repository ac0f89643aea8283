// Lists that change by themselves are read again every minute, while someone is there to read them. Every
// page works without this file: its "Refresh" link does the same.
const EVERY_SECONDS = 60;
// A page that nobody touches must not keep a session alive: staff are signed out after an hour of rest.
const REST_SECONDS = 20 * 60;

const parts = () => [...document.querySelectorAll("[data-refresh]")];
let touchedAt = Date.now();
let stopped = false;
let failed = false;
let missed = 0;

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
// Always there, and empty while all is well: a screen reader hears only what comes into it.
const notice = document.createElement("p");
notice.className = "govuk-body console-stale";
notice.setAttribute("role", "status");
const tally = document.querySelector('[data-refresh="tally"]');
tally?.after(button);
tally?.closest("p").after(notice);
name();

function name() {
  button.textContent = stopped ? "Refresh by itself again" : "Stop refreshing by itself";
  // Once may be a moment; after that whoever reads on must know how old it is what they read.
  const words = failed && !stopped && missed > 1
    ? "The hub does not answer. This page is as it was at the time above, and what has come since is not on it." : "";
  if (notice.textContent !== words) notice.textContent = words;
}

// Where a reader is: what stands highest in the window of what can be followed, and how far down it stands.
function place() {
  const links = parts().flatMap((part) => [...part.querySelectorAll("a[href]")]);
  const link = links.find((each) => each.getBoundingClientRect().top >= 0);
  return link && { href: link.getAttribute("href"), top: link.getBoundingClientRect().top };
}

function keep(before) {
  if (!before || scrollY === 0) return;
  const link = parts().map((part) => [...part.querySelectorAll("a[href]")]
    .find((each) => each.getAttribute("href") === before.href)).find(Boolean);
  if (link) scrollBy({ top: link.getBoundingClientRect().top - before.top, behavior: "instant" });
}

function isRead(part) {
  const selection = getSelection();
  return part.contains(document.activeElement)
    || (!selection.isCollapsed && part.contains(selection.anchorNode));
}

async function refresh() {
  const resting = Date.now() - touchedAt > REST_SECONDS * 1000;
  if (stopped || resting || document.hidden) return;
  // Signed out, the answer would be a way to sign in: that is no list.
  const answer = await fetch(location.href, { redirect: "error", headers: { Accept: "text/html" } });
  if (!answer.ok) throw new Error(answer.statusText);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Nobody loses the place they are at: what has the keyboard's focus or a selection in it stays as it is, and
  // with a list the time it is of. How much is urgent is told all the same.
  const held = new Set(parts().filter(isRead).map((part) => part.dataset.refresh));
  if (held.has("list")) held.add("tally");
  const before = place();
  for (const part of parts()) {
    const other = fresh.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
    // What is the same stays: a screen reader is told of new urgency once, not every minute.
    const same = !other || held.has(part.dataset.refresh) || other.innerHTML === part.innerHTML;
    if (!same) part.replaceChildren(...other.childNodes);
  }
  keep(before);
}

// Away for longer than a moment: the page says so, and as of when it is, and tries again in a minute.
setInterval(async () => {
  try {
    await refresh();
    failed = false;
    missed = 0;
  } catch {
    failed = true;
    missed += 1;
  }
  name();
}, EVERY_SECONDS * 1000);
