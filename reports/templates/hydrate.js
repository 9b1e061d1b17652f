// Puts live charts in place of the static pictures; where one fails, its picture stays.
document.querySelectorAll("script[type='application/json'][data-chart]").forEach(function (holder) {
  const picture = document.getElementById(holder.dataset.chart);
  const live = document.createElement("div");
  window.vegaEmbed(live, JSON.parse(holder.textContent), {
    mode: "vega-lite", actions: false, renderer: "svg", ast: true
  }).then(function () {
    picture.replaceChildren(live);
    live.querySelectorAll("[role]").forEach(function (part) {  // the chart as a whole has its label
      part.removeAttribute("role");
      part.removeAttribute("aria-roledescription");
    });
    picture.dataset.live = "yes";
  }).catch(function (problem) {
    console.error("chart " + holder.dataset.chart + " stays a picture: " + problem);
  });
});
// What must be scrolled can be reached with the keyboard.
const boxes = new ResizeObserver(function (changed) {
  changed.forEach(function (one) {
    if (one.target.scrollWidth > one.target.clientWidth) one.target.tabIndex = 0;
    else one.target.removeAttribute("tabindex");
  });
});
document.querySelectorAll(".scroll").forEach(function (box) { boxes.observe(box); });
