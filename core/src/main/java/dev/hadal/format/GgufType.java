package dev.hadal.format;

import dev.hadal.tensor.DType;
import java.util.Optional;

/** GGUF's numbers for tensor types and metadata value types. */
final class GgufType {
  static final int U8 = 0;
  static final int I8 = 1;
  static final int U16 = 2;
  static final int I16 = 3;
  static final int U32 = 4;
  static final int I32 = 5;
  static final int F32 = 6;
  static final int BOOL = 7;
  static final int STRING = 8;
  static final int ARRAY = 9;
  static final int U64 = 10;
  static final int I64 = 11;
  static final int F64 = 12;

  private static final String[] TENSOR_TYPES = {
    "F32",
    "F16",
    "Q4_0",
    "Q4_1",
    "Q4_2",
    "Q4_3",
    "Q5_0",
    "Q5_1",
    "Q8_0",
    "Q8_1",
    "Q2_K",
    "Q3_K",
    "Q4_K",
    "Q5_K",
    "Q6_K",
    "Q8_K",
    "IQ2_XXS",
    "IQ2_XS",
    "IQ3_XXS",
    "IQ1_S",
    "IQ4_NL",
    "IQ3_S",
    "IQ2_S",
    "IQ4_XS",
    "I8",
    "I16",
    "I32",
    "I64",
    "F64",
    "IQ1_M",
    "BF16",
    "Q4_0_4_4",
    "Q4_0_4_8",
    "Q4_0_8_8",
    "TQ1_0",
    "TQ2_0",
    "IQ4_NL_4_4",
    "IQ4_NL_4_8",
    "IQ4_NL_8_8",
    "MXFP4",
    "NVFP4"
  };

  private GgufType() {}

  /** The name of a tensor type, whether we read it or not. */
  static String tensorTypeName(int code) {
    return code >= 0 && code < TENSOR_TYPES.length ? TENSOR_TYPES[code] : "number " + code;
  }

  /** The storage type behind a code; empty for those we do not read. */
  static Optional<DType> tensorType(int code) {
    String name = tensorTypeName(code);
    for (DType type : DType.values()) {
      if (type.name().equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /**
   * The code of a storage type.
   *
   * @throws IllegalArgumentException for the FP8 types, which GGUF does not have
   */
  static int code(DType type) {
    for (int code = 0; code < TENSOR_TYPES.length; code++) {
      if (TENSOR_TYPES[code].equals(type.name())) {
        return code;
      }
    }
    throw new IllegalArgumentException(
        "GGUF has no tensors of type " + type + "; write BF16 or a quantised type instead");
  }

  /** Bytes a value takes at least; 0 for unknown types. */
  static int smallestSize(int valueType) {
    return switch (valueType) {
      case U8, I8, BOOL -> 1;
      case U16, I16 -> 2;
      case U32, I32, F32 -> 4;
      case STRING, U64, I64, F64 -> 8;
      case ARRAY -> 12;
      default -> 0;
    };
  }
}
