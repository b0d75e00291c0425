/* page.c - see page.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "page.h"

static char *keep(const char *from, size_t n)
{
	char *s = strndup(from, n);

	assert_non_null(s);
	return s;
}

static char *slurp(const char *path)
{
	FILE *f = fopen(path, "r");
	char *text = calloc(1, 1 << 20);

	if (f == NULL || text == NULL)
		fail_msg("cannot read %s", path);
	size_t n = fread(text, 1, (1 << 20) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

/* Splits "| a | b | c |" into three cells; false when it is not such a row. */
static bool cells(const char *line, char out[3][PAGE_CELL_BYTES])
{
	size_t n = strlen(line);

	if (n < 4 || line[0] != '|' || line[n - 1] != '|')
		return false;
	const char *at = line + 1;
	for (int i = 0; i < 3; i++) {
		const char *end = strstr(at, " |");
		if (end == NULL)
			return false;
		while (*at == ' ')
			at++;
		snprintf(out[i], PAGE_CELL_BYTES, "%.*s", (int)(end - at), at);
		at = end + 2;
	}
	return *at == '\0';
}

static void unquote(char *s)
{
	size_t n = strlen(s);

	if (n >= 2 && s[0] == '`' && s[n - 1] == '`') {
		memmove(s, s + 1, n - 2);
		s[n - 2] = '\0';
	}
}

static int64_t number(const struct sl_column *c, const char *text, unsigned line)
{
	int64_t v = 0;

	if (!sl_parse_decimal(text, strlen(text), c->scale, &v))
		fail_msg("semantics.md:%u: %s is no number", line, text);
	return v;
}

static void add_band(struct page *p, uint32_t i, const char *word, unsigned line)
{
	struct sl_column *c = &p->columns[i];
	struct sl_band *b = &p->bands[i][c->nbands++];
	const char *dash = strchr(word, '-');
	char lo[32];

	b->label = keep(word, strlen(word));
	snprintf(lo, sizeof lo, "%.*s", (int)strcspn(word, "-+"), word);
	b->lo = number(c, lo, line);
	b->hi = dash != NULL ? number(c, dash + 1, line) : INT64_MAX;
	c->bands = p->bands[i];
}

/* One piece between commas of "text, domain a b, other". */
static void read_property(struct page *p, uint32_t i, char *piece, unsigned line)
{
	struct sl_column *c = &p->columns[i];
	char *save = NULL, *word = strtok_r(piece, " ", &save), *first = word;
	static const struct {
		const char *name;
		enum sl_type type;
	} types[] = { { "integer", SL_TYPE_INTEGER },
		      { "real", SL_TYPE_REAL },
		      { "boolean", SL_TYPE_BOOLEAN },
		      { "date", SL_TYPE_DATE },
		      { "text", SL_TYPE_TEXT } };

	for (size_t t = 0; t < sizeof types / sizeof types[0]; t++)
		if (strcmp(word, types[t].name) == 0) {
			c->type = (uint8_t)types[t].type;
			return;
		}
	if (strcmp(first, "required") == 0) {
		c->nullable = 0;
		return;
	}
	if (strcmp(first, "other") == 0) {
		c->has_other = 1;
		return;
	}
	while ((word = strtok_r(NULL, " ", &save)) != NULL) {
		if (strcmp(first, "scale") == 0) {
			c->scale = (int8_t)atoi(word);
		} else if (strcmp(first, "minimum") == 0) {
			c->lo = number(c, word, line);
		} else if (strcmp(first, "bands") == 0) {
			add_band(p, i, word, line);
		} else if (strcmp(first, "domain") == 0) {
			c->has_domain = 1;
			c->labels = p->labels[i];
			p->labels[i][c->nlabels++].text = keep(word, strlen(word));
		} else {
			fail_msg("semantics.md:%u: unknown property %s", line, first);
		}
	}
}

static void read_value(struct page *p, uint32_t i, const char *text, unsigned line)
{
	struct sl_column *c = &p->columns[i];
	struct sl_value *v = &p->values[i];

	if (strcmp(text, "missing") == 0) {
		v->missing = true;
	} else if (c->type == SL_TYPE_BOOLEAN) {
		v->v = strcmp(text, "true") == 0;
	} else if (c->type == SL_TYPE_DATE) {
		if (!sl_parse_date(text, strlen(text), &v->v))
			fail_msg("semantics.md:%u: %s is no date", line, text);
	} else if (c->type == SL_TYPE_TEXT) {
		while (v->v < c->nlabels && strcmp(c->labels[v->v].text, text) != 0)
			v->v++;
		if (v->v == c->nlabels && strcmp(text, SL_LABEL_OTHER) != 0)
			fail_msg("semantics.md:%u: %s is not in the domain", line, text);
	} else {
		v->v = number(c, text, line);
	}
}

static void read_column(struct page *p, char c[3][PAGE_CELL_BYTES], unsigned line)
{
	uint32_t i = p->table.ncolumns++;
	char *save = NULL;

	assert_in_range(i, 0, PAGE_COLUMNS_MAX - 1);
	p->columns[i] = (struct sl_column){.name = keep(c[0], strlen(c[0])), .nullable = 1, .lo = INT64_MIN, .hi = INT64_MAX,
	                                   .uses = SL_USE_GROUP | SL_USE_FILTER | SL_USE_MEASURE};
	for (char *piece = strtok_r(c[1], ",", &save); piece != NULL; piece = strtok_r(NULL, ",", &save))
		read_property(p, i, piece, line);
	read_value(p, i, c[2], line);
}

/* An attribute, the column whose domain its table is, its values: "stage | event | 1 2 missing". */
static void read_attribute(struct page *p, char c[3][PAGE_CELL_BYTES], unsigned line)
{
	uint32_t r = p->nreferences++, i = 0;
	char *save = NULL, name[PAGE_CELL_BYTES + 16];
	struct sl_table *t = &p->tables[1 + r];

	assert_in_range(r, 0, PAGE_REFERENCES_MAX - 1);
	while (i < p->table.ncolumns && strcmp(p->columns[i].name, c[1]) != 0)
		i++;
	if (i == p->table.ncolumns)
		fail_msg("semantics.md:%u: no column %s", line, c[1]);
	p->columns[i].reference = (uint16_t)(r + 2);
	p->looked_up_by[r] = p->columns[i].name;
	p->attributes[r] = (struct sl_column){.name = keep(c[0], strlen(c[0])), .type = SL_TYPE_INTEGER, .nullable = 1,
	                                      .uses = SL_USE_FILTER | SL_USE_MEASURE, .lo = INT64_MIN, .hi = INT64_MAX};
	snprintf(name, sizeof name, "study.%ss", c[1]);
	*t = (struct sl_table){.name = keep(name, strlen(name)), .space = "", .unit_column = "", .class_ = SL_CLASS_OPEN,
	                       .columns = &p->attributes[r], .ncolumns = 1, .cells = p->cells[r]};
	for (char *word = strtok_r(c[2], " ", &save); word != NULL; word = strtok_r(NULL, " ", &save)) {
		struct sl_reference_cell *cell = &p->cells[r][t->ncells++];
		cell->missing = strcmp(word, "missing") == 0;
		cell->value = cell->missing ? 0 : number(&p->attributes[r], word, line);
	}
}

static void read_line(struct page *p, char *text, char section[64], bool *head, unsigned line)
{
	char c[3][PAGE_CELL_BYTES];

	if (strncmp(text, "## ", 3) == 0) {
		snprintf(section, 64, "%s", text + 3);
		*head = true;
		return;
	}
	/* Prose stands in the preamble, and between a heading and its table. */
	if (section[0] == '\0' || text[0] == '\0' || (*head && text[0] != '|'))
		return;
	if (!cells(text, c))
		fail_msg("semantics.md:%u: not a row of three cells: %s", line, text);
	if (*head)
		return;
	if (strcmp(section, "The row of the examples") == 0) {
		read_column(p, c, line);
		return;
	}
	if (strcmp(section, "The tables that are looked up") == 0) {
		read_attribute(p, c, line);
		return;
	}
	p->lines = realloc(p->lines, (p->nlines + 1) * sizeof p->lines[0]);
	assert_non_null(p->lines);
	struct page_line *l = &p->lines[p->nlines++];
	l->line = line;
	unquote(c[1]);
	memcpy(l->section, section, sizeof l->section);
	memcpy(l->meaning, c[0], sizeof l->meaning);
	memcpy(l->example, c[1], sizeof l->example);
	memcpy(l->gives, c[2], sizeof l->gives);
}

void page_read(struct page *p, const char *path)
{
	char section[64] = "";
	unsigned line = 0;
	bool head = false;

	memset(p, 0, sizeof *p);
	p->text = slurp(path);
	for (char *at = p->text; *at != '\0';) {
		char *nl = strchr(at, '\n');
		if (nl != NULL)
			*nl = '\0';
		/* "|---|---|---|" has no spaces: it ends the head. */
		if (head && strncmp(at, "|---", 4) == 0)
			head = false;
		else
			read_line(p, at, section, &head, line + 1);
		line++;
		at = nl != NULL ? nl + 1 : at + strlen(at);
	}
	p->table.name = "study.row";
	p->table.space = "person";
	p->table.unit_column = "id";
	p->table.class_ = SL_CLASS_CONFIDENTIAL;
	p->table.columns = p->columns;
	p->tables[0] = p->table;
	p->view = (struct sl_view){.tables = p->tables, .ntables = 1 + p->nreferences};
	assert_int_equal(sl_view_check(&p->view, NULL), SL_OK);
}

void page_free(struct page *p)
{
	for (uint32_t i = 0; i < p->table.ncolumns; i++) {
		free(p->columns[i].name);
		for (uint32_t k = 0; k < p->columns[i].nlabels; k++)
			free(p->labels[i][k].text);
		for (uint32_t k = 0; k < p->columns[i].nbands; k++)
			free(p->bands[i][k].label);
	}
	for (uint32_t r = 0; r < p->nreferences; r++) {
		free(p->attributes[r].name);
		free(p->tables[1 + r].name);
	}
	free(p->lines);
	free(p->text);
}
