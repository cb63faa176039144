import sendgrid from "@sendgrid/mail";
import amqp from "amqplib";

const broker = process.env.AMQP_URL ?? "amqp://broker.internal.example.com:5672";
const connection = await amqp.connect(broker);
sendgrid.setApiKey(process.env.SENDGRID_API_KEY!);
