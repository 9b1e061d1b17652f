// Puts live charts in place of the static pictures; where one fails, its picture stays.
document.querySelectorAll("script[type='application/json'][data-chart]").forEach(function (holder) {
  const picture = document.getElementById(holder.dataset.chart);
  const live = document.createElement("div");
  window.vegaEmbed(live, JSON.parse(holder.textContent), {
    mode: "vega-lite", actions: false, renderer: "svg", ast: true
  }).then(function () {
    picture.replaceChildren(live);
    picture.dataset.live = "yes";
  }).catch(function (problem) {
    console.error("chart " + holder.dataset.chart + " stays a picture: " + problem);
  });
});
