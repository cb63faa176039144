using Npgsql;
using StackExchange.Redis;

var orders = new NpgsqlConnection("Host=orders-db.internal.example.com;Port=5432;Database=orders");
var cache = ConnectionMultiplexer.Connect("cache.internal.example.com:6379");
var pricing = new HttpClient { BaseAddress = new Uri("https://api.pricing-partner.example.net/v2") };
