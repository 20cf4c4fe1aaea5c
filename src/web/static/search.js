// Suggests request types while somebody types. Enter and the button do the plain search, for what is in the box.
const PAUSE = 150;
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const field = document.querySelector("[data-suggestions]");
const list = document.getElementById("suggestions");
const says = document.getElementById("suggested");
let [typed, chosen, waiting] = ["", -1];

field.type = "text"; // A search field must not be a combobox (ARIA in HTML).
field.role = "combobox";
field.ariaAutoComplete = "list";
field.setAttribute("aria-controls", list.id);
show([]);

function show(found) {
  list.replaceChildren(...found.map(option));
  list.hidden = !found.length;
  field.ariaExpanded = !list.hidden;
  choose(-1);
}

function option({ name, address }, at) {
  const option = document.createElement("li");
  Object.assign(option, { id: `suggestion-${at}`, role: "option", textContent: name });
  option.addEventListener("click", () => location.assign(address));
  return option;
}

function choose(at) {
  chosen = at;
  for (const one of list.children) one.ariaSelected = one === list.children[at];
  field.setAttribute("aria-activedescendant", list.children[at]?.id ?? "");
}

async function suggest(asked) {
  const answer = await fetch(`${field.dataset.suggestions}?q=${encodeURIComponent(asked)}`);
  const { suggestions, said } = await answer.json();
  if (asked !== typed || document.activeElement !== field) return;
  show(suggestions);
  says.textContent = said;
}

field.addEventListener("input", () => {
  typed = field.value;
  clearTimeout(waiting);
  waiting = setTimeout(() => suggest(typed).catch(() => show([])), PAUSE);
});
field.addEventListener("keydown", (event) => {
  const { key } = event;
  if (list.hidden || event.isComposing || !(key in STEPS || key === "Escape")) return;
  event.preventDefault();
  const places = list.children.length + 1;
  if (key === "Escape") show([]);
  else choose(((chosen + 1 + STEPS[key] + places) % places) - 1);
  field.value = list.children[chosen]?.textContent ?? typed;
});
field.addEventListener("blur", () => show([]));
// The focus stays in the box until a click is done.
list.addEventListener("mousedown", (event) => event.preventDefault());
