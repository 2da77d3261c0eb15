/* env-sdk.mjs - the official SDKs, told nothing but by the environment: each asks WORD once
 *
 *	node env-sdk.mjs WORD
 */
import Anthropic1 from "@anthropic-ai/sdk";
import Anthropic0 from "anthropic-sdk-0";
import OpenAI from "openai";

const word = process.argv[2];
const model = process.env.ANTHROPIC_MODEL;

for (const [name, Anthropic] of [["anthropic 1", Anthropic1], ["anthropic 0", Anthropic0]]) {
	const message = await new Anthropic().messages.create({ model, max_tokens: 100,
		messages: [{ role: "user", content: `${word} by ${name}` }] });
	console.log(message.content[0].text);
}
const client = new OpenAI();
const chat = await client.chat.completions.create({ model,
	messages: [{ role: "user", content: `${word} by chat` }] });
console.log(chat.choices[0].message.content);
const response = await client.responses.create({ model, input: `${word} by responses` });
console.log(response.output_text);
