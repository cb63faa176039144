// Tables sort and filter where scripts run; the state of the filters stands in the address. Without scripts every row is there.
(function () {
  "use strict"

  function content(cell) { return (cell ? cell.textContent : "").trim() }
  function facet(cell) { return cell && cell.dataset.facet !== undefined ? cell.dataset.facet : content(cell) }
  function order(cell) { return cell && cell.dataset.sort !== undefined ? cell.dataset.sort : content(cell) }
  function compare(a, b) {
    var x = parseFloat(a), y = parseFloat(b), numeric = /^-?[\d.,]+( |$)/
    return numeric.test(a) && numeric.test(b) && x !== y ? x - y : a.localeCompare(b, "en", { numeric: true })
  }

  function sortable(table) {
    var heads = Array.from(table.tHead.rows[0].cells), body = table.tBodies[0]
    heads.forEach(function (head, column) {
      var button = document.createElement("button")
      button.type = "button"
      button.append.apply(button, Array.from(head.childNodes))
      head.append(button)
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending"
        heads.forEach(function (other) { other.removeAttribute("aria-sort") })
        head.setAttribute("aria-sort", down ? "descending" : "ascending")
        var rows = Array.from(body.rows).map(function (row) { return [order(row.cells[column]), row] })
        rows.sort(function (a, b) { return (down ? -1 : 1) * compare(a[0], b[0]) })
        body.append.apply(body, rows.map(function (pair) { return pair[1] }))
      })
    })
  }

  function filterable(box, table, first) {
    var rows = Array.from(table.tBodies[0].rows), query = new URLSearchParams(first ? location.search : "")
    var bar = document.createElement("form"), search = document.createElement("input"), found = document.createElement("output")
    bar.className = "st-filter"
    bar.addEventListener("submit", function (event) { event.preventDefault() })
    search.type = "search"
    search.placeholder = "Filter rows"
    search.setAttribute("aria-label", "Filter rows")
    search.value = query.get("q") || ""
    bar.append(search)
    var facets = []
    Array.from(table.tHead.rows[0].cells).forEach(function (head, column) {
      if (head.dataset.facet === undefined) return
      var name = content(head), values = Array.from(new Set(rows.map(function (row) { return facet(row.cells[column]) })))
      if (values.length < 2 || values.length > 200) return
      var select = document.createElement("select")
      select.setAttribute("aria-label", name)
      select.add(new Option(name + ": all", ""))
      values.sort(compare).forEach(function (value) { if (value) select.add(new Option(value, value)) })
      select.value = query.get(name.toLowerCase()) || ""
      if (select.selectedIndex < 0) select.selectedIndex = 0
      facets.push({ name: name.toLowerCase(), column: column, select: select })
      bar.append(select)
    })
    bar.append(found)

    function apply(event) {
      var words = search.value.toLowerCase(), shown = 0
      rows.forEach(function (row) {
        var fits = facets.every(function (item) { return !item.select.value || facet(row.cells[item.column]) === item.select.value })
        row.hidden = !fits || (words && row.textContent.toLowerCase().indexOf(words) < 0)
        if (!row.hidden) shown += 1
      })
      found.value = shown === rows.length ? rows.length + " rows" : shown + " of " + rows.length + " rows"
      if (!event || !first || !/^http/.test(location.protocol)) return
      var state = new URLSearchParams()
      if (search.value) state.set("q", search.value)
      facets.forEach(function (item) { if (item.select.value) state.set(item.name, item.select.value) })
      history.replaceState(null, "", location.pathname + (state.toString() ? "?" + state : "") + location.hash)
    }
    bar.addEventListener("input", apply)
    box.before(bar)
    apply()
  }

  function start() {
    var many = Array.from(document.querySelectorAll(".st-tablebox[data-table]"))
    many.forEach(function (box) {
      var table = box.querySelector("table")
      if (table.dataset.ready) return
      table.dataset.ready = "yes"
      sortable(table)
      if (box.dataset.table === "filter") filterable(box.querySelector(".st-scroll"), table, box === many[many.length - 1])
    })
  }

  // The theme's search takes what stands behind a hyphen or a colon for another word or for an operator: inside a word
  // they are meant as they are. It reads a query twice, so that the mark which says so has to be marked itself.
  var post = Worker.prototype.postMessage
  Worker.prototype.postMessage = function (message) {
    if (message && message.type === 2 && typeof message.data === "string") {
      message = { type: 2, data: message.data.replace(/([^\s"])([-:^~]+)/g, function (_, before, marks) {
        return before + marks.replace(/./g, "\\\\\\$&")
      }) }
    }
    return post.apply(this, [message].concat(Array.prototype.slice.call(arguments, 1)))
  }

  if (window.document$) window.document$.subscribe(start)
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start)
  else start()
})()
