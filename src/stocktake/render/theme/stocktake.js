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

  // Buttons in the headings; the order of the first table stands in the address too, as sort=NAME or sort=-NAME.
  function sortable(table, first, sort) {
    var heads = Array.from(table.tHead.rows[0].cells), body = table.tBodies[0]
    function turn(column, down) {
      heads.forEach(function (other) { other.removeAttribute("aria-sort") })
      heads[column].setAttribute("aria-sort", down ? "descending" : "ascending")
      if (sort) return sort(column, down)
      var rows = Array.from(body.rows).map(function (row) { return [order(row.cells[column]), row] })
      rows.sort(function (a, b) { return (down ? -1 : 1) * compare(a[0], b[0]) })
      body.append.apply(body, rows.map(function (pair) { return pair[1] }))
    }
    function name(head) { return content(head).toLowerCase() }
    heads.forEach(function (head, column) {
      var button = document.createElement("button")
      button.type = "button"
      button.append.apply(button, Array.from(head.childNodes))
      head.append(button)
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending"
        turn(column, down)
        if (first) address({ sort: (down ? "-" : "") + name(head) }, [])
      })
    })
    var wanted = first && new URLSearchParams(location.search).get("sort")
    if (!wanted) return
    var column = heads.findIndex(function (head) { return name(head) === wanted.replace(/^-/, "") })
    if (column >= 0) turn(column, wanted[0] === "-")
  }

  // Set parts of the address and drop others; what is already there stays.
  function address(parts, gone) {
    if (!/^http/.test(location.protocol)) return
    var state = new URLSearchParams(location.search)
    gone.forEach(function (name) { state.delete(name) })
    Object.keys(parts).forEach(function (name) { state.set(name, parts[name]) })
    history.replaceState(null, "", location.pathname + (state.toString() ? "?" + state : "") + location.hash)
  }

  // The bar above a table: a search and a choice for each facet, filled from the address.
  function controls(table, first, valuesOf) {
    var query = new URLSearchParams(first ? location.search : "")
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
      var name = content(head), values = valuesOf(head, column)
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
    return {
      bar: bar, found: found,
      used: function () { return search.value || facets.some(function (item) { return item.select.value }) },
      fits: function (cells, text) {
        var words = search.value.toLowerCase()
        return facets.every(function (item) { return !item.select.value || facet(cells[item.column]) === item.select.value }) &&
          (!words || text().toLowerCase().indexOf(words) >= 0)
      },
      remember: function () {
        if (!first) return
        var parts = {}, gone = ["q"]
        if (search.value) parts.q = search.value
        facets.forEach(function (item) {
          gone.push(item.name)
          if (item.select.value) parts[item.name] = item.select.value
        })
        address(parts, gone)
      }
    }
  }

  function filterable(box, table, first) {
    var rows = Array.from(table.tBodies[0].rows)
    var bar = controls(table, first, function (head, column) {
      return Array.from(new Set(rows.map(function (row) { return facet(row.cells[column]) })))
    })
    function apply(event) {
      var shown = 0
      rows.forEach(function (row) {
        row.hidden = !bar.fits(row.cells, function () { return row.textContent })
        if (!row.hidden) shown += 1
      })
      bar.found.value = shown === rows.length ? rows.length + " rows" : shown + " of " + rows.length + " rows"
      if (event) bar.remember()
    }
    bar.bar.addEventListener("input", apply)
    box.before(bar.bar)
    apply()
  }

  // A table on several pages: as soon as somebody filters or sorts, its rows come from the file that holds all of them.
  function split(box, table, first) {
    var body = table.tBodies[0], own = Array.from(body.rows), total = Number(box.dataset.total), all = null, order_ = null
    var pages = document.querySelector(".st-pages"), most = 500
    var bar = controls(table, first, function (head) { return JSON.parse(head.dataset.options || "[]") })

    function unpack(data) {
      var store = document.createElement("template")
      var cells_ = data.cells.map(function (cell) {
        return data.shapes[cell[0]].split("\0").reduce(function (made, piece, number) { return made + cell[number] + piece })
      })
      store.innerHTML = "<table><tbody><tr>" + cells_.join("") + "</tr></tbody></table>"
      var cells = Array.from(store.content.querySelector("tr").cells)
      return data.rows.map(function (row) { return row.map(function (number) { return cells[number] }) })
    }
    function load() {
      var script = document.createElement("script")
      script.src = box.dataset.rows
      script.onload = function () {
        all = unpack(window.stocktakeRows[box.dataset.rows])
        apply()
      }
      script.onerror = function () { bar.found.value = "The file with all rows cannot be read; this page has " + own.length + " of " + total + "." }
      bar.found.value = "Reading all rows"
      document.head.append(script)
      load = function () {}
    }
    function apply(event) {
      var busy = bar.used() || order_
      if (event) bar.remember()
      if (busy && !all) return load()
      if (pages) pages.hidden = Boolean(busy)
      if (!busy) {
        body.replaceChildren.apply(body, own)
        bar.found.value = own.length + " of " + total + " rows on this page"
        return
      }
      var rows = all.filter(function (cells) {
        return bar.fits(cells, function () { return cells.map(function (cell) { return cell.textContent }).join(" ") })
      })
      if (order_) {
        var keyed = rows.map(function (cells) { return [order(cells[order_.column]), cells] })
        keyed.sort(function (a, b) { return (order_.down ? -1 : 1) * compare(a[0], b[0]) })
        rows = keyed.map(function (pair) { return pair[1] })
      }
      body.replaceChildren.apply(body, rows.slice(0, most).map(function (cells) {
        var row = document.createElement("tr")
        row.append.apply(row, cells.map(function (cell) { return cell.cloneNode(true) }))
        return row
      }))
      bar.found.value = rows.length + " of " + total + " rows" + (rows.length > most ? ", the first " + most + " shown" : "")
    }
    sortable(table, first, function (column, down) { order_ = { column: column, down: down }; apply() })
    bar.bar.addEventListener("input", apply)
    box.querySelector(".st-scroll").before(bar.bar)
    apply()
  }

  // What a spreadsheet would run as a formula gets an apostrophe in front, as in the files that the build writes.
  function csvCell(cell) {
    var text = cell.querySelector(".st-none") ? "" : content(cell)
    if (/^\s*[=+\-@]/.test(text) && (!text.trim() || isNaN(text))) text = "'" + text
    return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text
  }

  function downloadable(box, table) {
    var button = document.createElement("button"), place = document.createElement("p")
    button.type = "button"
    button.textContent = "These rows as CSV"
    button.setAttribute("aria-label", "These rows as CSV: " + content(table.caption))
    button.addEventListener("click", function () {
      var rows = Array.from(table.rows).filter(function (row) { return !row.hidden })
      var lines = rows.map(function (row) { return Array.from(row.cells).map(csvCell).join(",") + "\r\n" })
      var link = document.createElement("a")
      link.href = URL.createObjectURL(new Blob(lines, { type: "text/csv" }))
      link.download = content(table.caption).toLowerCase().replace(/[^a-z0-9]+/g, "-") + ".csv"
      link.click()
      URL.revokeObjectURL(link.href)
    })
    place.className = "st-download"
    place.append(button)
    box.append(place)
  }

  function start() {
    var many = Array.from(document.querySelectorAll(".st-tablebox[data-table]"))
    many.forEach(function (box) {
      var table = box.querySelector("table")
      if (table.dataset.ready) return
      table.dataset.ready = "yes"
      var scroll = box.querySelector(".st-scroll"), first = box === many[many.length - 1]
      if (box.dataset.rows) return split(box, table, first)
      var after = box.nextElementSibling
      if (!after || !after.matches(".st-download, .st-pages")) downloadable(box, table)
      sortable(table, first)
      if (box.dataset.table === "filter") filterable(scroll, table, first)
    })
    // Tables that people wrote: the theme lets them scroll, and a keyboard has to get there.
    document.querySelectorAll(".md-typeset__scrollwrap").forEach(function (one) { one.tabIndex = 0 })
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
