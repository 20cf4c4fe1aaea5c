// Fields in a browser with scripts: how many characters are left, once few are; boxes that narrow a list.
const PAUSE = 500;

for (const field of document.querySelectorAll("[data-limit]")) {
  const says = document.getElementById(`${field.id}-left`);
  const { limit } = field.dataset;
  let waiting;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const left = limit - field.value.length;
      const words = left < 0 ? says.dataset.over : says.dataset.left;
      says.textContent = left > limit / 4 ? "" : words.replace("%%", Math.abs(left));
    }, PAUSE);
  });
}

// What is ticked stays in sight.
for (const box of document.querySelectorAll("[data-narrows]")) {
  const all = [...document.getElementById(box.dataset.narrows).children];
  const none = document.getElementById(box.dataset.none);
  box.addEventListener("input", () => {
    const words = box.value.toLowerCase().split(/\s+/);
    const fits = (one) => words.every((word) => one.textContent.toLowerCase().includes(word));
    for (const one of all) one.hidden = !fits(one) && !one.querySelector(":checked");
    none.hidden = all.some((one) => !one.hidden);
  });
  // A box without a name is no part of the form around it.
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !box.name) event.preventDefault();
  });
}
