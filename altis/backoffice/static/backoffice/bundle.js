"use strict";

// The theme's product picker tells jQuery alone that it has changed, and htmx listens to the browser.
window.addEventListener("load", () => {
  django.jQuery("#bundle_form").on("change formset:added formset:removed", () => {
    window.setTimeout(() => htmx.trigger("#bundle_preview", "refresh"), 0);
  });
});
