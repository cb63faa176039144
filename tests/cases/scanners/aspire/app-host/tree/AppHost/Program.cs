var builder = DistributedApplication.CreateBuilder(args);

var cache = builder.AddRedis("cache").WithRedisInsight();
var orders = builder.AddPostgres("pg", password: secret)
    .WithDataVolume()
    .AddDatabase("orders-db");
var search = builder.AddContainer("search", "opensearchproject/opensearch", "2.11");

var api = builder.AddProject<Projects.Shop_Api>("api")
    .WithReference(cache)
    .WithReference(orders).WaitFor(orders)
    .WithEnvironment("PRICING_URL", "http://pricing.internal.example.com")
    .WithExternalHttpEndpoints();

builder.AddNpmApp("web", "../web").WithReference(api).WithHttpEndpoint(env: "PORT");
api.WithReference(search.GetEndpoint("http"));
builder.AddSomethingNew("odd").WithReference(cache);
builder.AddProject<Projects.Worker>(name);

builder.Build().Run();
