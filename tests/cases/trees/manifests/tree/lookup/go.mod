module example.org/shop/orders/v2

go 1.23

require github.com/lib/pq v1.10.9

require (
	github.com/go-chi/chi/v5 v5.1.0
	golang.org/x/text v0.19.0 // indirect
)

replace github.com/gin-gonic/gin => ../gin
