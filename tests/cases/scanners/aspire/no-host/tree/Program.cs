var builder = WebApplication.CreateBuilder(args);
builder.AddRedis("cache");
