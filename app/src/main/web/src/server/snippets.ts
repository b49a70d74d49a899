export type Language = 'curl' | 'python' | 'javascript' | 'java';
export const LANGUAGES: { id: Language; name: string; code: string }[] = [
  { id: 'curl', name: 'curl', code: 'bash' },
  { id: 'python', name: 'Python', code: 'python' },
  { id: 'javascript', name: 'JavaScript', code: 'javascript' },
  { id: 'java', name: 'Java', code: 'java' },
];

/** A first request in four languages. They need nothing installed but the language, openai for Python; the key is read from HADAL_API_KEY. */
export function snippet(language: Language, address: string, model: string, keyed: boolean): string {
  const url = `${address}/v1/chat/completions`;
  const name = JSON.stringify(model);
  switch (language) {
    case 'curl':
      return `curl ${url} \\
  -H 'Content-Type: application/json' \\${keyed ? `\n  -H "Authorization: Bearer $HADAL_API_KEY" \\` : ''}
  -d '{"model": ${name}, "messages": [{"role": "user", "content": "Why is the sea blue?"}]}'
`;
    case 'python':
      return `${keyed ? 'import os\n' : ''}from openai import OpenAI  # pip install openai

client = OpenAI(base_url="${address}/v1", api_key=${keyed ? 'os.environ["HADAL_API_KEY"]' : '"none"'})
stream = client.chat.completions.create(
    model=${name},
    messages=[{"role": "user", "content": "Why is the sea blue?"}],
    stream=True,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
`;
    case 'javascript':
      return `// node ask.mjs
const response = await fetch("${url}", {
  method: "POST",
  headers: { "Content-Type": "application/json"${keyed ? ', Authorization: `Bearer ${process.env.HADAL_API_KEY}`' : ''} },
  body: JSON.stringify({
    model: ${name},
    messages: [{ role: "user", content: "Why is the sea blue?" }],
  }),
});
const answer = await response.json();
console.log(answer.choices[0].message.content);
`;
    case 'java':
      return `// java Ask.java
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

class Ask {
  public static void main(String[] args) throws Exception {
    String body =
        """
        {"model": ${name}, "messages": [{"role": "user", "content": "Why is the sea blue?"}]}
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("${url}"))
            .header("Content-Type", "application/json")${keyed ? `\n            .header("Authorization", "Bearer " + System.getenv("HADAL_API_KEY"))` : ''}
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    System.out.println(
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
`;
  }
}
