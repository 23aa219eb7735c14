"use strict";

// The theme draws the charts; their words and lines follow its light and dark here.
const shade = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

const repaint = () => {
  const dark = document.documentElement.classList.contains("dark");
  const text = shade(dark ? "--color-base-300" : "--color-base-600");
  const line = shade(dark ? "--color-base-700" : "--color-base-200");
  for (const canvas of document.querySelectorAll("canvas.chart")) {
    const chart = Chart.getChart(canvas);
    if (!chart) {
      continue;
    }
    chart.options.plugins.legend.labels.color = text;
    for (const scale of Object.values(chart.options.scales)) {
      scale.ticks.color = text;
      scale.title.color = text;
      scale.grid.color = line;
    }
    chart.update();
  }
};

// After the theme's own work at the same events.
window.addEventListener("load", () => {
  requestAnimationFrame(repaint);
  new MutationObserver(() => requestAnimationFrame(repaint)).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["class"],
  });
});
