// What a page gains when scripts run. Every page works without this file; words come from data attributes.
const numbers = new Intl.NumberFormat(document.documentElement.lang || undefined);
const say = (text, n) => text.replace("{n}", numbers.format(n));
const all = (selector) => document.querySelectorAll(selector);

// The error summary takes the focus, so that a screen reader starts with it.
document.querySelector("[data-error-summary]")?.focus();

// How much may still be written: shown at once, spoken only when the writer pauses.
for (const input of all("[data-limit]")) {
  const limit = Number(input.dataset.limit);
  const shown = Object.assign(document.createElement("p"), { className: "used" });
  const spoken = Object.assign(document.createElement("p"), { className: "hidden-text" });
  shown.setAttribute("aria-hidden", "true");
  spoken.setAttribute("role", "status");
  let pause;
  const text = () => {
    const left = limit - [...input.value].length;
    shown.classList.toggle("used-over", left < 0);
    return left < 0 ? say(input.dataset.over, -left) : say(input.dataset.left, left);
  };
  const update = () => {
    shown.textContent = text();
    clearTimeout(pause);
    pause = setTimeout(() => { spoken.textContent = shown.textContent; }, 1000);
  };
  shown.textContent = text();
  document.getElementById(`${input.id}-limit`)?.classList.add("hidden-text");
  input.after(shown, spoken);
  input.addEventListener("input", update);
}

// The count of signatures moves while somebody looks.
for (const count of all("[data-count-url]")) {
  const refresh = async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(count.dataset.countUrl, { headers: { Accept: "application/json" }, cache: "no-cache" });
      if (answer.status === 404 || answer.status === 410) clearInterval(timer);
      if (answer.ok) show((await answer.json()).signature_count);
    } catch {
      // Without a connection the last known number stays; the next round tries again.
    }
  };
  const show = (n) => {
    if (!Number.isInteger(n)) return;
    count.textContent = numbers.format(n);
    for (const bar of all("progress[data-live]")) bar.value = Math.min(n, bar.max);
    for (const left of all("[data-goal]")) left.textContent = say(left.dataset.text, Math.max(0, left.dataset.goal - n));
  };
  const timer = setInterval(refresh, 10000);
  document.addEventListener("visibilitychange", refresh);
  // A page that the browser kept may be older than the signature its reader has just confirmed.
  if (performance.getEntriesByType("navigation")[0]?.transferSize === 0) refresh();
  addEventListener("pageshow", (event) => event.persisted && refresh());
}

// A page about work under way follows it; with each new state the whole page is fetched anew.
for (const part of all("[data-refresh]")) {
  const timer = setInterval(async () => {
    if (document.visibilityState !== "visible") return;
    try {
      const answer = await fetch(part.dataset.refresh);
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
      if (fresh?.dataset.state !== part.dataset.state) {
        clearInterval(timer);
        location.replace(part.dataset.refresh);
      } else if (fresh.innerHTML !== part.innerHTML) part.replaceChildren(...fresh.childNodes);
    } catch {
      // Without a connection the page stays; the next round tries again.
    }
  }, 2000);
}

// Passing a link on: by the device's own share sheet, or by copying.
for (const button of all("[data-share]")) {
  button.hidden = !navigator.share;
  button.addEventListener("click", () => navigator.share({ url: button.dataset.share, title: button.dataset.title }).catch(() => {}));
}
for (const button of all("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const copied = document.getElementById(button.dataset.copy);
    await navigator.clipboard.writeText(copied.value ?? copied.textContent);
    button.textContent = button.dataset.done;
  });
}

// How long a form was open: filled in faster than people type is a hint, and no more, that a program did it.
for (const input of all("[data-seconds]")) {
  const before = Number(input.value) || 0;
  input.form.addEventListener("submit", () => { input.value = before + Math.round(performance.now() / 1000); });
}

// A second press while the first is on its way is ignored; the button stays enabled, so its value is sent.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 5000);
});
addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });
