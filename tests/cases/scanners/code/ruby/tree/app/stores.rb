require "redis"
require "pg"
require "bunny"

CACHE = Redis.new(host: "cache", port: 6379)
ORDERS = PG.connect(host: "orders-db", port: 5432, dbname: "orders")
BROKER = Bunny.new(ENV.fetch("AMQP_URL", "amqp://broker:5672"))
Stripe.api_key = ENV["STRIPE_SECRET_KEY"]
URI("https://api.twilio.com/2010-04-01/Accounts/#{ENV['TWILIO_SID']}")
