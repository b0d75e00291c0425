/*
 * lexer.h - the words of an expression: names, literals, symbols. The grammar is in docs/analyst.md.
 */
#ifndef SL_SCRIPT_LEXER_H
#define SL_SCRIPT_LEXER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sl_token_kind {
	SL_TOKEN_NONE = 0, /* not a word: why says what is wrong */
	SL_TOKEN_END,
	SL_TOKEN_NAME,     /* text: the name; quoted: written in "…" */
	SL_TOKEN_KEYWORD,  /* word */
	SL_TOKEN_INTEGER,  /* text: digits */
	SL_TOKEN_DECIMAL,  /* text: digits.digits */
	SL_TOKEN_TEXT,     /* text: without its quotes, '' as ' */
	SL_TOKEN_PARAM,    /* text: name behind the $ */
	SL_TOKEN_SYMBOL,   /* word */
};

/* Keywords (in any case) and symbols. A column with a keyword's name is written in double quotes. */
enum sl_word {
	SL_WORD_NONE = 0,
	SL_WORD_AND, SL_WORD_OR, SL_WORD_NOT, SL_WORD_BETWEEN, SL_WORD_IN, SL_WORD_IS, SL_WORD_NULL,
	SL_WORD_CASE, SL_WORD_WHEN, SL_WORD_THEN, SL_WORD_ELSE, SL_WORD_END, SL_WORD_DIV, SL_WORD_MOD,
	SL_WORD_TRUE, SL_WORD_FALSE,
	SL_WORD_EQ, SL_WORD_NE, SL_WORD_LT, SL_WORD_LE, SL_WORD_GT, SL_WORD_GE,
	SL_WORD_PLUS, SL_WORD_MINUS, SL_WORD_STAR, SL_WORD_SLASH, SL_WORD_OPEN, SL_WORD_CLOSE, SL_WORD_COMMA,
	SL_WORD_DOT,
	SL_WORD_COUNT_
};

struct sl_token {
	enum sl_token_kind kind;
	enum sl_word word;
	bool quoted;
	const char *text;    /* NUL-terminated, in the lexer's scratch */
	const char *why;     /* SL_TOKEN_NONE */
	const char *remedy;  /* SL_TOKEN_NONE; may be NULL */
	size_t at, end;      /* byte offsets in the expression */
};

/* scratch: len + 1 bytes, the caller's; texts of tokens live there as long as it does. */
struct sl_lexer {
	const char *text;
	size_t len, at;
	char *scratch;
};

/* sl_lexer_next - the next token. Text must be UTF-8 without NUL (the parser sees to it). */
struct sl_token sl_lexer_next(struct sl_lexer *lx);

/* sl_lexer_word - "between", "<=": how a keyword or symbol is written. */
const char *sl_lexer_word(enum sl_word word);

/* sl_lexer_is_keyword - whether a name would be read as a keyword. */
bool sl_lexer_is_keyword(const char *name);

#endif
