package dev.hadal.engine;

import dev.hadal.backend.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: its tokens, how many of them the cache holds, and where. Owned by the
 * engine's thread.
 */
final class Sequence {
  private static final int FIRST_DRAFT = 3;
  private static final int PATIENCE = 4;
  private static final int PAUSE = 32;

  private final Request request;
  private final @Nullable Pooling pooling; // of a text that becomes a vector
  private final int promptLength;
  private final int maxLength; // prompt and answer together
  private final Sampler sampler;
  private final TokenStream stream;
  private final long submittedNanos = System.nanoTime();
  private final List<TokenLogprob> promptLogprobs = new ArrayList<>();
  private int[] tokens;
  private int length;
  private int drafts; // guesses behind the last token
  private int numComputedTokens;
  private int[] blockTable = new int[4];
  private int blocks;
  private int sharedBlocks; // the first ones, which others may find
  private long lastShared = BlockManager.ROOT;
  private int cachedTokens;
  private int draftLength = FIRST_DRAFT;
  private int patience = PATIENCE; // wrong guesses left; below 0: tokens until the next
  private int drafted;
  private int accepted;
  private long firstTokenNanos;
  private float[] pooled = new float[0];
  private @Nullable FinishReason ending;

  Sequence(Request request, @Nullable Pooling pooling, int maxLength, TokenStream stream) {
    this.request = request;
    this.pooling = pooling;
    this.promptLength = request.prompt().length;
    this.maxLength = maxLength;
    this.sampler = new Sampler(request.params(), request.prompt(), request.mask());
    this.stream = stream;
    this.tokens = Arrays.copyOf(request.prompt(), promptLength + KvCache.BLOCK_TOKENS);
    this.length = promptLength;
  }

  Request request() {
    return request;
  }

  @Nullable Pooling pooling() {
    return pooling;
  }

  Sampler sampler() {
    return sampler;
  }

  TokenStream stream() {
    return stream;
  }

  int promptLength() {
    return promptLength;
  }

  /** Tokens that are certain. */
  int length() {
    return length;
  }

  int maxLength() {
    return maxLength;
  }

  /** Guesses that wait behind the last token. */
  int drafts() {
    return drafts;
  }

  int token(int position) {
    return tokens[position];
  }

  int[] tokens() {
    return tokens;
  }

  /** Tokens whose keys and values lie in the cache. */
  int numComputedTokens() {
    return numComputedTokens;
  }

  /** Tokens a step could still compute, guesses among them: 1 for a decoding sequence. */
  int pendingTokens() {
    return length + drafts - numComputedTokens;
  }

  /** Whether only the answer's next token is missing. */
  boolean isDecoding() {
    return length - numComputedTokens == 1 && length > promptLength;
  }

  /** Whether every row's result is wanted and not the last one's alone. */
  boolean wantsAllRows() {
    return pooling == Pooling.MEAN || request.promptLogprobs() >= 0;
  }

  boolean isFull() {
    return length >= maxLength;
  }

  /** Says that no token comes after the last one. */
  void end(FinishReason reason) {
    ending = reason;
  }

  /** Why no token comes after the last one; null while one does. */
  @Nullable FinishReason ending() {
    return ending;
  }

  boolean isEnded() {
    return ending != null;
  }

  boolean isLate(long now) {
    long timeout = request.timeout().toNanos();
    return timeout != 0 && now - submittedNanos >= timeout;
  }

  long ageNanos() {
    return System.nanoTime() - submittedNanos;
  }

  int[] blockTable() {
    return blockTable;
  }

  int blocks() {
    return blocks;
  }

  /** Adds a block at the end of the table. */
  void add(int block) {
    if (blocks == blockTable.length) {
      blockTable = Arrays.copyOf(blockTable, 2 * blocks);
    }
    blockTable[blocks++] = block;
  }

  /** Goes on from what others computed: the next whole block of its text, with its number. */
  void adopt(int block, long serial) {
    add(block);
    int computed = blocks * KvCache.BLOCK_TOKENS;
    if (length == promptLength) {
      cachedTokens += computed - numComputedTokens;
      stream.cached(cachedTokens);
    }
    numComputedTokens = computed;
    share(serial);
  }

  int sharedBlocks() {
    return sharedBlocks;
  }

  /** The number of the last block that others may find. */
  long lastShared() {
    return lastShared;
  }

  void share(long serial) {
    sharedBlocks++;
    lastShared = serial;
  }

  /** Takes the last block off the table. */
  void dropLastBlock(BlockManager manager) {
    blocks--;
    manager.release(new int[] {blockTable[blocks]}, 1);
  }

  /** Gives all blocks back; what was computed must be again. */
  void giveBack(BlockManager manager) {
    manager.release(blockTable, blocks);
    blocks = 0;
    sharedBlocks = 0;
    lastShared = BlockManager.ROOT;
    numComputedTokens = 0;
    drafts = 0;
    if (length == promptLength) {
      cachedTokens = 0;
    }
    promptLogprobs.clear();
    pooled = new float[0];
  }

  /** Records that {@code count} more tokens are in the cache. */
  void computed(int count) {
    numComputedTokens += count;
  }

  /** How many guesses are worth while, of at most {@code most}: about as many as were right. */
  int mostDrafts(int most) {
    if (patience <= 0) {
      patience =
          patience == -1
              ? PATIENCE
              : patience + 1; // guesses were wrong again and again: a few tokens without
      return 0;
    }
    return Math.max(0, Math.min(Math.min(most, draftLength), maxLength - length - 1));
  }

  /** Guesses what comes after the last token, as far as the mask lets it come. */
  void draft(int[] guesses, int most) {
    int count = most;
    LogitMask mask = request.mask();
    if (mask != null && most > 0) {
      LogitMask ahead = mask.fork();
      count = 0;
      while (count < most && allows(ahead, guesses[count])) {
        ahead.accept(guesses[count++]);
      }
    }
    room(length + count);
    System.arraycopy(guesses, 0, tokens, length, count);
    drafts = count;
  }

  /** Appends a sampled token; whether it was the next guess, which then counts as computed. */
  boolean append(int token) {
    boolean guessed = drafts > 0 && tokens[length] == token;
    drafts = guessed ? drafts - 1 : 0;
    room(length + 1);
    tokens[length++] = token;
    long now = System.nanoTime();
    if (firstTokenNanos == 0) {
      firstTokenNanos = now;
    }
    stream.timings(firstTokenNanos - submittedNanos, now - firstTokenNanos, length - promptLength);
    return guessed;
  }

  private static boolean allows(LogitMask mask, int token) {
    long[] allowed = mask.allowed();
    int word = token / Long.SIZE;
    return word < allowed.length && (allowed[word] >>> token & 1) != 0;
  }

  /** Forgets guesses that were not right, and their keys and values. */
  void settle(int drafted, int accepted) {
    drafts = 0;
    numComputedTokens = Math.min(numComputedTokens, length - 1);
    if (drafted > 0) {
      this.drafted += drafted;
      this.accepted += accepted;
      stream.speculated(this.drafted, this.accepted);
      draftLength = accepted == drafted ? Math.min(draftLength + 2, 64) : Math.max(1, accepted + 1);
      patience = accepted > 0 ? PATIENCE : patience - 1;
      if (patience == 0) {
        patience = -PAUSE;
      }
    }
  }

  private void room(int needed) {
    if (needed > tokens.length) {
      tokens = Arrays.copyOf(tokens, Math.max(needed, 2 * length));
    }
  }

  List<TokenLogprob> promptLogprobs() {
    return promptLogprobs;
  }

  /** Adds a row to the text's vector. */
  void pool(float[] row) {
    if (pooled.length == 0) {
      pooled = new float[row.length];
    }
    for (int i = 0; i < row.length; i++) {
      pooled[i] += row[i];
    }
  }

  /** The text's vector. */
  float[] pooled() {
    if (pooling == Pooling.MEAN) {
      for (int i = 0; i < pooled.length; i++) {
        pooled[i] /= promptLength;
      }
    }
    return pooled;
  }
}
