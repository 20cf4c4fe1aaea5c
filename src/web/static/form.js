// A form in a browser with scripts: a draft kept there, files by drop and paste with their progress, the
// focus on what is wrong.
const PREFIX = "draft ";
const SENT = "draft sent";
const LASTS = 7 * 24 * 3600 * 1000;
const PAUSE = 500;

// A browser may forbid storage; then there are no drafts.
const attempt = (act) => {
  try {
    return act();
  } catch {}
};
const read = (name) => attempt(() => JSON.parse(localStorage.getItem(name)));
const remove = (name) => attempt(() => localStorage.removeItem(name));
const isOld = (draft) => !(draft?.at > Date.now() - LASTS);

// Drafts end with the login, after a week, and when JSM has taken what was typed.
const loggedOut = document.querySelector("[data-drafts-end]");
for (const name of attempt(() => Object.keys(localStorage)) ?? [])
  if (name.startsWith(PREFIX) && (loggedOut || isOld(read(name)))) remove(name);
const sent = attempt(() => sessionStorage.getItem(SENT));
attempt(() => sessionStorage.removeItem(SENT));
if (sent && document.querySelector("[data-done]")) remove(sent);

const form = document.querySelector("form[data-draft]");
if (form) withDraft(form);
for (const drop of document.querySelectorAll("[data-files]")) withFiles(drop);
document.querySelector(".summary")?.focus();

function withDraft(form) {
  const name = PREFIX + form.dataset.draft;
  const typed = () =>
    [...new FormData(form)].filter(([field, value]) => field !== "ticket" && typeof value === "string");
  const empty = JSON.stringify(typed());

  let waiting;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (JSON.stringify(typed()) === empty) return;
      attempt(() => localStorage.setItem(name, JSON.stringify({ at: Date.now(), typed: typed() })));
    }, PAUSE);
  });

  // One click sends; the second does nothing. A page that the Back button shows again can be sent again.
  let sending = false;
  form.addEventListener("submit", (event) => {
    if (sending) return event.preventDefault();
    sending = true;
    attempt(() => sessionStorage.setItem(SENT, name));
  });
  addEventListener("pageshow", () => (sending = false));

  const offer = document.getElementById("draft");
  const draft = read(name);
  if (!offer || !draft || "filled" in form.dataset) return;
  offer.hidden = false;
  document.getElementById("draft-take").addEventListener("click", () => {
    fill(form, draft.typed);
    offer.hidden = true;
    form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  });
  document.getElementById("draft-drop").addEventListener("click", () => {
    remove(name);
    offer.hidden = true;
  });
}

function fill(form, typed) {
  for (const control of form.elements) {
    if (!control.name || ["hidden", "file", "submit"].includes(control.type)) continue;
    const values = typed.filter(([field]) => field === control.name).map(([, value]) => value);
    if (["radio", "checkbox"].includes(control.type)) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
  }
}

// Files are uploaded as soon as they are chosen, dropped or pasted, as the button would do it.
function withFiles(drop) {
  const form = drop.closest("form");
  const input = drop.querySelector("input[type=file]");
  const says = drop.querySelector("[role=status]");
  const upload = () => {
    if (!input.files.length) return;
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      says.textContent = drop.dataset.progress.replace("%%", Math.round((100 * loaded) / total));
    });
    request.addEventListener("loadend", () => show(request));
    request.send(new FormData(form, drop.querySelector("button")));
  };
  // The same page comes back, with the files in its ticket: only they are taken from it.
  const show = (request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const now = page.getElementById(drop.id);
    const ticket = page.querySelector("input[name=ticket]");
    if (!now || !ticket) {
      says.textContent = drop.dataset.failed;
      return;
    }
    form.elements.ticket.value = ticket.value;
    drop.replaceWith(now);
    withFiles(now);
    now.querySelector("[role=status]").textContent = now.dataset.uploaded;
  };
  const take = (event, { files }) => {
    event.preventDefault();
    input.files = files;
    upload();
  };
  input.addEventListener("change", upload);
  drop.addEventListener("dragover", (event) => event.preventDefault());
  drop.addEventListener("drop", (event) => take(event, event.dataTransfer));
  form.onpaste = (event) => {
    if (event.clipboardData.files.length) take(event, event.clipboardData);
  };
}
