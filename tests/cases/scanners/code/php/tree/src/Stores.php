<?php

namespace Shop;

use Predis\Client;
use Stripe\StripeClient;

class Stores
{
    private string $search = "http://search:9200";

    public function open(): void
    {
        $orders = new \PDO("mysql:host=orders-db;port=3306;dbname=orders", "shop", getenv("DB_PASSWORD"));
        $cache = new Client(["scheme" => "tcp", "host" => "cache", "port" => 6379]);
        $stripe = new StripeClient($_ENV["STRIPE_SECRET_KEY"]);
        $queue = env("QUEUE_URL", "amqp://broker:5672");
        $this->password = "correct-horse-battery-7";
    }
}
