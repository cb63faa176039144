using MongoDB.Driver;
using Npgsql;
using StackExchange.Redis;

namespace Shop;

public class Stores
{
    const string Orders = "Host=orders-db;Port=5432;Database=orders;Username=shop";
    public string Search { get; set; } = "http://search:9200";

    public void Open(IConfiguration configuration)
    {
        var connection = new NpgsqlConnection(Orders);
        var cache = ConnectionMultiplexer.Connect("cache:6379");
        var mongo = new MongoClient("mongodb://mongo:27017/catalogue");
        var queue = Environment.GetEnvironmentVariable("AMQP_URL") ?? "amqp://broker:5672";
        var pricing = $"http://pricing:8080/{orders}";
    }
}
