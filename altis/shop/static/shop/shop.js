// What pages do beyond being complete without it: lists below airport fields, the countdown, one press of a button.
(() => {
  "use strict";
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const own = document.currentScript;
  const counted = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  // A page on which the form is folded away fetches what serves it when it is opened: most visitors never do.
  all("details.again").forEach((form) => {
    form.addEventListener("toggle", () => {
      if (!own.dataset.htmx || window.htmx) return;
      const script = document.createElement("script");
      Object.assign(script, { src: own.dataset.htmx, nonce: own.nonce });
      delete own.dataset.htmx;
      document.head.append(script);
    });
  });

  // A combobox with a listbox, by the pattern of the ARIA Authoring Practices; htmx fetches the options.
  all("[data-combobox]").forEach((input) => {
    const list = document.getElementById(input.dataset.combobox);
    const found = document.querySelector(`[data-found="${list.id}"]`);
    let at = -1;
    let settled = null; // what was chosen: an answer that comes after it opens no list
    const options = () => all("[role=option]", list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    const show = (open) => {
      list.hidden = !open;
      input.setAttribute("aria-expanded", String(open));
      if (!open) go(-1);
    };
    const go = (to) => {
      at = to;
      options().forEach((option, place) => option.setAttribute("aria-selected", String(place === at)));
      if (at < 0) return input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    };
    const take = (option) => {
      settled = input.value = option.dataset.value;
      found.textContent = "";
      show(false);
    };
    const move = (by) => {
      const count = options().length;
      if (list.hidden) {
        if (count) show(true);
        else if (input.value) return window.htmx && window.htmx.trigger(input, "suggest");
      }
      if (count) go(at < 0 ? (by > 0 ? 0 : count - 1) : (at + by + count) % count);
    };
    show(false);
    list.addEventListener("htmx:afterSwap", () => {
      if (document.activeElement !== input || input.value === settled) return;
      const count = options().length;
      go(-1);
      show(count > 0);
      found.textContent = input.value ? `${counted(count, "airport")} found` : "";
    });
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) take(option);
    });
    input.addEventListener("input", () => (settled = null));
    input.addEventListener("blur", () => show(false));
    input.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        move(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter" && at >= 0) {
        event.preventDefault();
        take(options()[at]);
      } else if (event.key === "Escape" && !list.hidden) {
        event.preventDefault();
        show(false);
      } else if (event.key === "Tab" && at >= 0) {
        take(options()[at]);
      }
    });
  });

  // The server says how many seconds are left; no clock of this machine is asked what time it is, only what has passed.
  all("[data-countdown]").forEach((line) => {
    const left = line.querySelector("[data-left]");
    const spoken = document.querySelector("[data-spoken]");
    const total = Number(line.dataset.countdown);
    const began = { here: performance.now(), wall: Date.now() };
    let minute = Math.ceil(total / 60);
    const over = () => {
      if (document.querySelector("form[data-sent]")) return; // the server's answer is on its way, and it decides
      all("[data-while-held]").forEach((part) => part.remove());
      const told = document.querySelector("[data-over]");
      told.hidden = false;
      told.focus();
      document.title = `${told.querySelector("h1").textContent} · Altis`;
    };
    const tick = () => {
      // A machine that sleeps may stop the first of them; the second may be set back.
      const passed = Math.max(performance.now() - began.here, Date.now() - began.wall) / 1000;
      const seconds = Math.max(0, Math.ceil(total - passed));
      left.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      line.classList.toggle("short", seconds <= 120);
      if (seconds === 0) return over();
      const now = Math.ceil(seconds / 60);
      if (now !== minute) spoken.textContent = `${counted(now, "minute")} ${spoken.dataset.spoken}`;
      minute = now;
      window.setTimeout(tick, 250);
    };
    tick();
  });

  // The server takes a second press for the first one too; this only spares it.
  all("form[data-once]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "yes";
      all("button", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
    });
  });
  // Who comes back to a page by the browser's own button sees it as it was left: its time is old, its buttons are spent.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (document.querySelector("[data-countdown]")) {
      return window.location.replace(window.location.pathname + window.location.search);
    }
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("button", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  });

  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  const first = document.querySelector(".summary");
  if (first) first.focus();
})();
