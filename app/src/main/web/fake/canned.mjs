const HOUR = 3600e3;
const DAY = 24 * HOUR;
const QWEN = 'hf.co/Qwen/Qwen3-0.6B-GGUF:Q8_0';
const R1 = 'hf.co/unsloth/DeepSeek-R1-Distill-Qwen-1.5B-GGUF:Q4_K_M';

const RICH = `Water looks blue because it **absorbs red light** a little more than blue. In a glass you cannot see it; in a few metres of sea you can.

### How strongly?

The light that is left after a depth $d$ follows Beer and Lambert:

$$I(d) = I_0 \\, e^{-\\alpha d}, \\qquad \\alpha_{\\text{red}} \\approx 0.3\\ \\text{m}^{-1}$$

| Colour | Wavelength | Half gone after |
|:--|--:|--:|
| red | 650 nm | 2 m |
| green | 530 nm | 14 m |
| blue | 470 nm | 70 m |

So at 20 metres a red fish is grey. A few lines compute it:

\`\`\`python
from math import exp

ALPHA = {"red": 0.34, "green": 0.05, "blue": 0.01}  # per metre

def left(colour: str, depth: float) -> float:
    """The share of light that is still there."""
    return exp(-ALPHA[colour] * depth)

for colour in ALPHA:
    print(f"{colour:>6}: {left(colour, 20):6.1%}")
\`\`\`

1. The **sky's** blue is another thing: scattering, $\\propto \\lambda^{-4}$.
2. The sea *reflects* some of the sky, so a grey day makes a grey sea.
3. Plankton adds green.

> Below 200 metres it is dusk, below 1000 metres night. The hadal zone begins at 6000.
`;

const CHINESE = `海水看起来是蓝色的，主要是因为**水会吸收红光**：红光在几米之内就被吸收，蓝光却能传到几十米深。

- 天空的蓝来自瑞利散射，强度与 $\\lambda^{-4}$ 成正比；
- 海水的蓝来自吸收，遵循 $I = I_0 e^{-\\alpha d}$；
- 浮游生物多的海域会偏绿。

| 颜色 | 波长 | 减半深度 |
|:--|--:|--:|
| 红 | 650 nm | 2 米 |
| 蓝 | 470 nm | 70 米 |

200 米以下是微光层，1000 米以下完全黑暗，6000 米以下称为**超深渊带**（hadal zone）。
`;

export const thinkingOf = (prompt) =>
  /[\u4e00-\u9fff]/.test(prompt)
    ? '用户问海水为什么是蓝色的。要点：水分子对红光的吸收更强，这与天空的瑞利散射不同。给出公式、表格，再提一下深度分层。'
    : 'The user asks about colour in water. There are two effects to keep apart: absorption in the water itself and reflection of the sky. Absorption is the main one, so start there. A formula helps, then numbers in a table, and a few lines of code to play with.\n\nI should mention that the sky is another mechanism, since people mix these up.';

export function answerTo(prompt) {
  if (/[\u4e00-\u9fff]/.test(prompt)) return CHINESE;
  if (/\blong\b/i.test(prompt)) return Array.from({ length: 40 }, (_, i) => `## Part ${i + 1}\n\n${RICH}`).join('\n');
  if (/\bshort\b/i.test(prompt)) return 'The sea is blue because water swallows red light first.';
  return RICH;
}

/** What a server has after a few days. */
export function canned(state) {
  const models = [
    [QWEN, 'Qwen3 0.6B', 'qwen3', 596049920, 'Q8_0', 639446688, 40960, 'hub', true, true],
    [R1, 'DeepSeek R1 Distill Qwen 1.5B', 'qwen2', 1777088000, 'Q4_K_M', 1117320576, 131072, 'hub', true, false],
    ['hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q6_K', 'Llama 3.2 1B Instruct', 'llama', 1235814432, 'Q6_K', 1021800960, 131072, 'hub', false, false],
    ['tiny', 'tiny', 'llama', 15191712, 'Q8_0', 16540672, 256, 'builtin', false, false],
  ];
  for (const [name, label, architecture, parameters, quantization, size_bytes, context_length, source, thinking, isDefault] of models) {
    state.models.set(name, {
      name, label, architecture, parameters, quantization, size_bytes, context_length, modified: Date.now() - 2 * DAY, source, state: isDefault ? 'loaded' : 'idle',
      progress: null, memory_bytes: isDefault ? 912261120 : null, answering: 0, expires: isDefault ? Date.now() + 5 * 60e3 : null, pinned: false, error: null, thinking,
      default: isDefault, deletable: source !== 'builtin',
    });
  }
  const presets = [
    ['s_code', 'Code reviewer', 'You review code. Be brief; name the line, the fault and the fix.', { temperature: 0.2 }],
    ['s_translate', 'Translator 译', 'Translate between English and Chinese. Answer with the translation alone.', { temperature: 0.3 }],
  ];
  for (const [id, name, system, sampling] of presets) state.presets.set(id, { id, name, system, thinking: null, sampling });

  const talks = [
    ['Why is the sea blue?', 2 * 60e3, true], ['Rename files by their date in bash', 3 * HOUR], ['海水为什么是蓝色的？', 5 * HOUR], ['A poem for grandmother', DAY + HOUR],
    ['Explain RoPE scaling', DAY + 4 * HOUR], ['Weekend in Lisbon with children', 3 * DAY], ['Quicksort, but stable', 4 * DAY], ['写一封求职信', 9 * DAY], ['Beer and Lambert', 12 * DAY],
  ];
  for (const [title, ago, pinned = false] of talks) {
    const at = Date.now() - ago;
    const conversation = state.create({ title, pinned, created: at, updated: at });
    const user = state.addMessage({ conversation: conversation.id, content: title, created: at });
    const answer = state.addMessage({
      conversation: conversation.id, parent: user.id, role: 'assistant', content: answerTo(title), thinking: thinkingOf(title), model: QWEN, created: at + 900,
      finish_reason: 'stop', thinking_ms: 4200, usage: { prompt_tokens: 31, cached_tokens: 16, completion_tokens: 486, thinking_tokens: 96 },
      timings: { queue_ms: 0, first_token_ms: 240, prompt_tokens_per_second: 130.5, tokens_per_second: 38.4 },
    });
    conversation.leaf = answer.id;
  }
}
