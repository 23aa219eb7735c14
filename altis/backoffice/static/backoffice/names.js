"use strict";

// Names for screen readers where the theme's templates leave them out: controls in tables, and lists that can be searched.
(() => {
  const name = (element, text) => {
    const named = element.labels?.length || element.hasAttribute("aria-label");
    if (text && !named) element.setAttribute("aria-label", text.trim());
  };
  const labelOf = (select) => document.querySelector(`label[for="${select.id}"]`)?.innerText || select.getAttribute("aria-label");
  const dress = (root) => {
    for (const cell of root.querySelectorAll("td[data-label]"))
      for (const control of cell.querySelectorAll("input:not([type=hidden]), select, textarea")) name(control, cell.dataset.label);
    for (const select of root.querySelectorAll("select.select2-hidden-accessible")) {
      const shown = select.nextElementSibling, text = labelOf(select) || select.name;
      const box = shown?.querySelector(".select2-selection");
      if (box) box.removeAttribute("aria-labelledby");
      for (const part of shown?.querySelectorAll(".select2-selection, .select2-selection__rendered[role=textbox], .select2-search__field") ?? []) name(part, text);
      shown?.querySelector("ul.select2-selection__rendered")?.setAttribute("role", "presentation");
    }
    for (const hint of root.querySelectorAll("label > [aria-label]:not([role])")) hint.setAttribute("role", "img");
  };
  document.addEventListener("DOMContentLoaded", () => document.getElementById("content")?.setAttribute("role", "main"));
  // select2 dresses its lists after the page is there.
  window.addEventListener("load", () => setTimeout(() => dress(document)));
  document.addEventListener("formset:added", () => setTimeout(() => dress(document)));
})();
