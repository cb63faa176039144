require "elasticsearch"

SEARCH = Elasticsearch::Client.new(url: ENV.fetch("SEARCH_URL", "http://search.internal.example.com:9200"))
Stripe.api_key = ENV["STRIPE_SECRET_KEY"]
CACHE = Redis.new(url: ENV.fetch("REDIS_URL", "redis://localhost:6379"))
