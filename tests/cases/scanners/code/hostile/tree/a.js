const a = { "__proto__": { host: "postgres://x:5432/y" }, "\u202e": "redis://cache:6379", constructor: "amqp://broker" };
const b = "postgres://" + "a".repeat(1e9) + process.env["$(touch x)"] + process.env.OK;
`${`${`${`redis://${x}:6379`}`}`}`;
