// The page's API as docs/page-api.md tells it; names are the wire's.

export interface Failure {
  code: string;
  message: string;
  hint: string | null;
  param?: string | null;
}

export interface Sampling {
  temperature?: number | null;
  top_k?: number | null;
  top_p?: number | null;
  min_p?: number | null;
  repetition_penalty?: number | null;
  frequency_penalty?: number | null;
  presence_penalty?: number | null;
  seed?: number | null;
  max_tokens?: number | null;
  stop?: string[] | null;
}

/** What a conversation, a preset and a comparison say of how to answer. */
export interface Settings {
  system: string;
  thinking: boolean | null;
  sampling: Sampling;
}

export interface Match {
  message: string | null;
  snippet: string;
  ranges: [number, number][];
}

export interface Conversation extends Settings {
  id: string;
  title: string;
  pinned: boolean;
  created: number;
  updated: number;
  model: string | null;
  leaf: string | null;
  running: boolean;
  messages_count: number;
  preset: string | null;
  match?: Match;
}

export interface Attachment {
  name: string;
  type: string;
  text: string;
}

export type Stage = 'queued' | 'loading' | 'prompt' | 'thinking' | 'answer';

export interface Usage {
  prompt_tokens: number;
  cached_tokens: number;
  completion_tokens: number;
  thinking_tokens: number;
}

export interface Timings {
  queue_ms: number;
  first_token_ms: number | null;
  prompt_tokens_per_second: number | null;
  tokens_per_second: number | null;
}

export interface Message {
  id: string;
  conversation: string | null;
  parent: string | null;
  role: 'user' | 'assistant';
  created: number;
  content: string;
  thinking: string;
  attachments: Attachment[];
  model: string | null;
  state: 'running' | 'done' | 'stopped' | 'error';
  stage: Stage | null;
  progress: number | null;
  finish_reason: 'stop' | 'length' | 'cancelled' | 'error' | null;
  error: Failure | null;
  thinking_ms: number | null;
  usage: Usage | null;
  timings: Timings | null;
}

export interface Delta {
  message: string;
  content?: [number, string];
  thinking?: [number, string];
}

export interface Status {
  message: string;
  stage: Stage;
  progress: number | null;
  queue_position: number | null;
  thinking_ms: number | null;
  completion_tokens: number;
  prompt_tokens: number | null;
  tokens_per_second: number | null;
}

export interface Model {
  name: string;
  label: string;
  architecture: string | null;
  parameters: number | null;
  quantization: string | null;
  size_bytes: number;
  context_length: number | null;
  modified: number;
  source: 'hub' | 'ollama' | 'file' | 'builtin';
  state: 'idle' | 'loading' | 'loaded' | 'unloading' | 'failed';
  progress: number | null;
  memory_bytes: number | null;
  answering: number;
  expires: number | null;
  pinned: boolean;
  error: Failure | null;
  thinking: boolean;
  default: boolean;
  deletable: boolean;
}

export interface Room {
  memory: { total_bytes: number; available_bytes: number; models_bytes: number };
  disk: { free_bytes: number; folder: string };
}

export interface Pull {
  id: string;
  name: string;
  state: 'resolving' | 'downloading' | 'verifying' | 'done' | 'cancelled' | 'failed' | 'dismissed';
  done_bytes: number;
  total_bytes: number | null;
  bytes_per_second: number | null;
  started: number;
  error: Failure | null;
}

export type Winner = 'a' | 'b' | 'tie' | 'both_bad';

export interface Side {
  side: 'a' | 'b';
  model: string | null;
  answer: Message;
}

export interface Comparison {
  id: string;
  created: number;
  prompt: string;
  attachments: Attachment[];
  system: string;
  sampling: Sampling;
  category: string;
  blind: boolean;
  sides: [Side, Side];
  vote: { winner: Winner; category: string; created: number } | null;
}

export interface Tally {
  model: string;
  wins: number;
  losses: number;
  ties: number;
}

export interface Preset extends Settings {
  id: string;
  name: string;
}

export interface InFlight {
  id: string;
  api: 'page' | 'openai' | 'anthropic' | 'ollama';
  model: string;
  state: Stage;
  started: number;
  prompt_tokens: number | null;
  completion_tokens: number;
  tokens_per_second: number | null;
}

export interface Stats {
  time: number;
  prompt_tokens_per_second: number;
  tokens_per_second: number;
  running: number;
  waiting: number;
  kv_used_bytes: number;
  kv_total_bytes: number;
  first_token_ms: number | null;
  token_ms: number | null;
  memory_bytes: number;
  requests: InFlight[];
}

export interface ServerFacts {
  version: string;
  instance: string;
  started: number;
  java: string;
  backend: string;
  processor: string;
  threads: number;
  address: string;
  key_required: boolean;
  history: Stats[];
}

export interface Session {
  key_required: boolean;
  signed_in: boolean;
}
