// The list of findings: what a rule says stands once on the page, and is shown in each row that is opened.
(function () {
  "use strict"
  document.addEventListener("toggle", function (event) {
    var row = event.target
    if (!row.open || !row.dataset || !row.dataset.told || row.dataset.ready) return
    var said = document.getElementById("told-" + row.dataset.told.toLowerCase())
    if (!said) return
    row.dataset.ready = "yes"
    var copy = said.querySelector("dl").cloneNode(true)
    row.append(copy)
  }, true)
})()
