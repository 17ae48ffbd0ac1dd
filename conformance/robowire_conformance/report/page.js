"use strict";
document.documentElement.classList.add("scripted");
const entries = [...document.querySelectorAll(".entry")];
const chips = [...document.querySelectorAll(".chip")];
const search = document.querySelector("input[type=search]");
const texts = new Map(entries.map((entry) => [entry, entry.textContent.toLowerCase()]));

function show() {
  const wanted = new Set(chips.filter((chip) => chip.ariaPressed === "true").map((chip) => chip.dataset.filter));
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let any = false;
  for (const entry of entries) {
    const fits = (!wanted.size || wanted.has(entry.dataset.status)) && words.every((word) => texts.get(entry).includes(word));
    entry.hidden = !fits;
    any ||= fits;
  }
  for (const section of document.querySelectorAll("section")) section.hidden = !section.querySelector(".entry:not([hidden])");
  document.getElementById("nothing").hidden = any;
}

for (const chip of chips) {
  chip.addEventListener("click", () => {
    chip.ariaPressed = chip.ariaPressed === "true" ? "false" : "true";
    show();
  });
}
search.addEventListener("input", show);

const toggle = document.getElementById("toggle");
toggle.addEventListener("click", () => {
  const open = toggle.textContent === "Open all";
  for (const entry of entries) if (!entry.hidden) entry.open = open;
  toggle.textContent = open ? "Close all" : "Open all";
});

for (const button of document.querySelectorAll(".copy")) {
  button.addEventListener("click", async () => {
    const text = button.parentElement.querySelector("pre").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

function reveal() {
  const entry = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (entry?.matches(".entry")) { entry.open = true; entry.scrollIntoView(); }
}
addEventListener("hashchange", reveal);
reveal();
