package main

import (
	"database/sql"
	"fmt"
	"os"

	_ "github.com/lib/pq"
	"github.com/rabbitmq/amqp091-go"
	"github.com/redis/go-redis/v9"
	"github.com/segmentio/kafka-go"
	"github.com/stripe/stripe-go/v76"
	"gorm.io/driver/mysql"
	"gorm.io/gorm"
)

const ordersHost = "orders-db"

func main() {
	dsn := fmt.Sprintf("postgres://shop:%s@%s:5432/orders?sslmode=disable", os.Getenv("DB_PASSWORD"), ordersHost)
	db, err := sql.Open("postgres", dsn)
	other, _ := sql.Open("postgres", "host=reports-db port=5432 dbname=reports sslmode=disable")
	cache := redis.NewClient(&redis.Options{Addr: "cache:6379", DB: 0})
	queue, _ := amqp091.Dial("amqp://broker:5672/")
	w := &kafka.Writer{Addr: kafka.TCP("kafka:9092"), Topic: "orders"}
	legacy, _ := gorm.Open(mysql.Open("shop:pw@tcp(legacy-db:3306)/shop"), &gorm.Config{})
	stripe.Key = os.Getenv("STRIPE_SECRET_KEY")
	http.Get("http://pricing:8080/prices")
}
