// Watch a what-if: progress as it is told, and the page again when the result is there.
const job = document.getElementById("job");
const source = new EventSource(job.dataset.events);
source.addEventListener("progress", (event) => {
  const told = JSON.parse(event.data);
  const bar = document.getElementById("bar");
  bar.max = told.total || 1;
  bar.value = told.done;
  const share = Math.round((100 * told.done) / (told.total || 1));
  document.getElementById("told").textContent = `${told.state}, ${share} %`;
});
source.addEventListener("result", () => {
  source.close();
  location.reload();
});
