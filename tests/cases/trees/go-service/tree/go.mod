module example.com/shop/orders

go 1.22

require (
	github.com/gin-gonic/gin v1.10.0
	github.com/jackc/pgx/v5 v5.6.0
	github.com/redis/go-redis/v9 v9.5.1
	github.com/stripe/stripe-go/v76 v76.25.0
)

require github.com/goccy/go-json v0.10.2 // indirect
