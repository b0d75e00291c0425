/*
 * lexer.c - see lexer.h.
 *
 * A decoded text is never longer than its raw form, so each is written into scratch at its own offset:
 * names at their first byte, quoted forms one behind their quote. The closing NUL then never reaches
 * the bytes of the next token.
 */
#include "enclave/script/lexer.h"

#include <string.h>
#include <strings.h>

static const char *const words[SL_WORD_COUNT_] = {
	[SL_WORD_AND] = "and",   [SL_WORD_OR] = "or",       [SL_WORD_NOT] = "not",   [SL_WORD_BETWEEN] = "between",
	[SL_WORD_IN] = "in",     [SL_WORD_IS] = "is",       [SL_WORD_NULL] = "null", [SL_WORD_CASE] = "case",
	[SL_WORD_WHEN] = "when", [SL_WORD_THEN] = "then",   [SL_WORD_ELSE] = "else", [SL_WORD_END] = "end",
	[SL_WORD_DIV] = "div",   [SL_WORD_MOD] = "mod",     [SL_WORD_TRUE] = "true", [SL_WORD_FALSE] = "false",
	[SL_WORD_EQ] = "=",      [SL_WORD_NE] = "<>",       [SL_WORD_LT] = "<",      [SL_WORD_LE] = "<=",
	[SL_WORD_GT] = ">",      [SL_WORD_GE] = ">=",       [SL_WORD_PLUS] = "+",    [SL_WORD_MINUS] = "-",
	[SL_WORD_STAR] = "*",    [SL_WORD_SLASH] = "/",     [SL_WORD_OPEN] = "(",    [SL_WORD_CLOSE] = ")",
	[SL_WORD_COMMA] = ",",   [SL_WORD_DOT] = ".",
};

const char *sl_lexer_word(enum sl_word word)
{
	return (size_t)word < SL_WORD_COUNT_ && words[word] != NULL ? words[word] : "";
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static enum sl_word keyword(const char *name)
{
	for (int w = SL_WORD_AND; w <= SL_WORD_FALSE; w++)
		if (strcasecmp(name, words[w]) == 0)
			return (enum sl_word)w;
	return SL_WORD_NONE;
}

bool sl_lexer_is_keyword(const char *name)
{
	return keyword(name) != SL_WORD_NONE;
}

static char peek(const struct sl_lexer *lx, size_t ahead)
{
	return lx->at + ahead < lx->len ? lx->text[lx->at + ahead] : '\0';
}

static void bad(struct sl_token *t, const char *why, const char *remedy)
{
	t->kind = SL_TOKEN_NONE;
	t->why = why;
	t->remedy = remedy;
}

/* Copies text[from..at) to scratch[from..] and closes it. */
static const char *keep(struct sl_lexer *lx, size_t from)
{
	memcpy(lx->scratch + from, lx->text + from, lx->at - from);
	lx->scratch[lx->at] = '\0';
	return lx->scratch + from;
}

static void lex_name(struct sl_lexer *lx, struct sl_token *t)
{
	size_t from = lx->at;

	while (is_letter(peek(lx, 0)) || is_digit(peek(lx, 0)))
		lx->at++;
	t->text = keep(lx, from);
	t->word = keyword(t->text);
	t->kind = t->word == SL_WORD_NONE ? SL_TOKEN_NAME : SL_TOKEN_KEYWORD;
}

static void lex_number(struct sl_lexer *lx, struct sl_token *t)
{
	size_t from = lx->at;

	t->kind = SL_TOKEN_INTEGER;
	while (is_digit(peek(lx, 0)))
		lx->at++;
	if (peek(lx, 0) == '.' && is_digit(peek(lx, 1))) {
		t->kind = SL_TOKEN_DECIMAL;
		lx->at++;
		while (is_digit(peek(lx, 0)))
			lx->at++;
	}
	t->text = keep(lx, from);
	if (is_letter(peek(lx, 0)))
		bad(t, "a number runs into a name", "write a space between them; numbers have no exponent");
}

/* 'text' or "name": the quote doubled stands for itself. */
static void lex_quoted(struct sl_lexer *lx, struct sl_token *t, char quote)
{
	size_t out = lx->at + 1;

	t->text = lx->scratch + out;
	t->quoted = quote == '"';
	t->kind = quote == '"' ? SL_TOKEN_NAME : SL_TOKEN_TEXT;
	for (lx->at++; lx->at < lx->len; lx->at++) {
		if (lx->text[lx->at] == quote) {
			if (peek(lx, 1) != quote)
				break;
			lx->at++;
		}
		lx->scratch[out++] = lx->text[lx->at];
	}
	lx->scratch[out < lx->len ? out : lx->len] = '\0';
	if (lx->at >= lx->len)
		bad(t, quote == '"' ? "a quoted name has no end" : "a text has no end", "close it with the quote it began with");
	else
		lx->at++;
}

static void lex_param(struct sl_lexer *lx, struct sl_token *t)
{
	size_t from = ++lx->at;

	while (is_letter(peek(lx, 0)) || is_digit(peek(lx, 0)))
		lx->at++;
	t->kind = SL_TOKEN_PARAM;
	t->text = keep(lx, from);
	if (lx->at == from)
		bad(t, "a $ without a name", "write $name and give the name a value in the table behind the text");
}

static const struct {
	const char *text, *why, *remedy;
} mistakes[] = {
	{"==", "\"==\" is not an operator", "write ="},
	{"!=", "\"!=\" is not an operator", "write <>"},
	{"~=", "\"~=\" is not an operator", "write <>"},
	{"&&", "\"&&\" is not an operator", "write and"},
	{"||", "\"||\" is not an operator", "write or"},
	{"--", "\"--\" is not an operator, and expressions have no comments", "write - (-x), or put the comment in Lua"},
	{";", "an expression ends at its end", "remove the ;"},
	{"%", "\"%\" is not an operator", "write mod"},
	{"^", "\"^\" is not an operator", "multiply"},
};

static bool lex_mistake(struct sl_lexer *lx, struct sl_token *t)
{
	for (size_t i = 0; i < sizeof mistakes / sizeof mistakes[0]; i++) {
		size_t n = strlen(mistakes[i].text);
		if (lx->len - lx->at >= n && memcmp(lx->text + lx->at, mistakes[i].text, n) == 0) {
			bad(t, mistakes[i].why, mistakes[i].remedy);
			lx->at += n;
			return true;
		}
	}
	return false;
}

static void lex_symbol(struct sl_lexer *lx, struct sl_token *t)
{
	if (lex_mistake(lx, t))
		return;
	for (int w = SL_WORD_EQ; w < SL_WORD_COUNT_; w++) {
		size_t n = strlen(words[w]);
		if (n <= lx->len - lx->at && memcmp(lx->text + lx->at, words[w], n) == 0 && n > t->end - t->at) {
			t->word = (enum sl_word)w;
			t->end = t->at + n; /* the longest wins: <= before < */
		}
	}
	t->kind = SL_TOKEN_SYMBOL;
	lx->at = t->end;
	if (t->word == SL_WORD_NONE) {
		lx->at++;
		bad(t, "this character means nothing here", "names with such characters stand in \"double quotes\"");
	}
}

struct sl_token sl_lexer_next(struct sl_lexer *lx)
{
	struct sl_token t = {0};

	while (peek(lx, 0) == ' ' || peek(lx, 0) == '\t' || peek(lx, 0) == '\n' || peek(lx, 0) == '\r')
		lx->at++;
	t.at = t.end = lx->at;
	char c = peek(lx, 0);
	if (lx->at >= lx->len)
		t.kind = SL_TOKEN_END;
	else if (is_letter(c))
		lex_name(lx, &t);
	else if (is_digit(c))
		lex_number(lx, &t);
	else if (c == '\'' || c == '"')
		lex_quoted(lx, &t, c);
	else if (c == '$')
		lex_param(lx, &t);
	else
		lex_symbol(lx, &t);
	t.end = lx->at;
	return t;
}
