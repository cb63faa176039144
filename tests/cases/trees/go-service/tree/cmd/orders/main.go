package main

import (
	"context"
	"os"

	"github.com/gin-gonic/gin"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/redis/go-redis/v9"
	"github.com/stripe/stripe-go/v76"
)

func main() {
	dsn := os.Getenv("DATABASE_URL")
	if dsn == "" {
		dsn = "postgres://orders@orders-db.internal.example.com:5432/orders"
	}
	pool, err := pgxpool.New(context.Background(), dsn)
	cache := redis.NewClient(&redis.Options{Addr: "cache.internal.example.com:6379"})
	stripe.Key = os.Getenv("STRIPE_SECRET_KEY")
	r := gin.Default()
	r.Run(":8080")
}
