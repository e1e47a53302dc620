// Saves a long form by itself every 20 seconds when something was written. Without this file the button does it.
const form = document.querySelector("form[data-autosave]");
const shown = document.querySelector("[data-autosaved]");
const EVERY = 20000;

// What is written, without the token and the version, which change by themselves.
const written = () => {
  const data = new FormData(form);
  data.delete("csrf_token");
  data.delete("draft_version");
  return new URLSearchParams(data).toString();
};

const list = (name, texts) => {
  const items = document.querySelector(`[data-reading-${name}]`);
  items.replaceChildren(...texts.map((text) => Object.assign(document.createElement("li"), { textContent: text, dir: "auto" })));
  items.parentElement.hidden = !texts.length;
};

if (form) {
  let saved = written();
  let running = null;
  let stopped = false;

  const save = async () => {
    const now = written();
    if (stopped || now === saved) return;
    const body = new URLSearchParams(new FormData(form));
    body.set("action", "autosave");
    try {
      // Not `form.action`: the buttons are called that.
      const answer = await fetch(form.getAttribute("action"), { method: "POST", body, headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 400) {
        stopped = true;
        shown.textContent = form.dataset.signedOut;
        return;
      }
      const told = await answer.json();
      if (answer.ok) {
        saved = now;
        form.elements.draft_version.value = told.draft_version;
        shown.textContent = told.saved;
        document.querySelector("[data-reading-sentence]").textContent = told.reading;
        list("sentences", told.long_sentences);
        list("words", told.long_words);
      } else {
        // Of two who write at once the second sees both texts, on the page that the button leads to.
        stopped = answer.status !== 422;
        shown.textContent = told.problem ?? form.dataset.offline;
      }
    } catch {
      shown.textContent = form.dataset.offline;
    }
  };

  const turn = () => {
    running ??= save().finally(() => { running = null; });
    return running;
  };
  setInterval(turn, EVERY);
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && turn());

  // A button pressed while a save is under way waits for it, or it would be the second of two.
  form.addEventListener("submit", async (event) => {
    if (!running) { stopped = true; return; }
    event.preventDefault();
    event.stopPropagation();
    const button = event.submitter;
    await running;
    stopped = true;
    form.requestSubmit(button);
  });
}
