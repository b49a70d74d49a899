/**
 * Holding a model to a form: grammars over bytes, what may come next in them, and which tokens of a
 * vocabulary that allows. JSON, JSON Schema, regular expressions, choices and GBNF all become the
 * same expressions.
 */
@org.jspecify.annotations.NullMarked
package dev.hadal.grammar;
