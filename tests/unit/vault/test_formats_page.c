/*
 * test_formats_page.c - docs/formats.md shows the field tables exactly as the codec has them.
 *
 * With the word "print" it prints the tables instead, to be put between the two marks of the page.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "enclave/pact/behind.h"
#include "enclave/pact/history.h"
#include "enclave/pact/frame.h"
#include "enclave/pact/load.h"
#include "enclave/pact/setup.h"
#include "enclave/vault/manifest.h"

#define RECORDS_MAX 96
#define BEGIN "<!-- field tables: begin -->\n"
#define END "<!-- field tables: end -->\n"

/* A frame's body, or a sealed file's, by the record that is its whole. */
static const struct {
	const struct sl_record *record;
	const char *what;
} bodies[] = {
	{ &sl_script_setup_record, "Frame 1, SCRIPT_SETUP" },
	{ &sl_plan_record, "Frame 2, PLAN" },
	{ &sl_script_end_record, "Frame 4, SCRIPT_END" },
	{ &sl_engine_setup_record, "Frame 10, ENGINE_SETUP" },
	{ &sl_result_record, "Frame 11, RESULT" },
	{ &sl_members_record, "Inside frame 12, MEMBERS" },
	{ &sl_atoms_packed_record, "Frame 13, ATOMS" },
	{ &sl_check_setup_record, "Frame 20, CHECK_SETUP" },
	{ &sl_publication_record, "Frame 21, PUBLICATION" },
	{ &sl_history_record, "Frame 22, HISTORY" },
	{ &sl_behind_record, "Frame 23, BEHIND" },
	{ &sl_load_setup_record, "Frame 30, LOAD_SETUP" },
	{ &sl_load_report_record, "Frame 31, LOAD_REPORT" },
	{ &sl_load_progress_record, "Frame 32, LOAD_PROGRESS" },
	{ &sl_end_record, "Frame 41, END" },
	{ &sl_public_record, "What is public, kept with a request" },
	{ &sl_manifest_record, "Manifest of a segment" },
};

static const struct sl_record *shown[RECORDS_MAX];
static size_t nshown;

/* The record and, behind it, those it is made of; each once on the page. */
static void describe(const struct sl_record *record, struct sl_buf *out)
{
	for (size_t i = 0; i < nshown; i++)
		if (shown[i] == record)
			return;
	assert_true(nshown < RECORDS_MAX);
	shown[nshown++] = record;
	sl_codec_describe(record, out);
	sl_buf_text(out, "\n");
	for (size_t i = 0; i < record->nfields; i++)
		if (record->fields[i].sub != NULL)
			describe(record->fields[i].sub, out);
}

static void describe_all(struct sl_buf *out)
{
	nshown = 0;
	for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
		sl_buf_printf(out, "### %s: `%s`\n\n", bodies[i].what, bodies[i].record->name);
		describe(bodies[i].record, out);
	}
}

static char *read_page(void)
{
	int fd = open(SL_TEST_SOURCE_DIR "/docs/formats.md", O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	text = calloc(1, (size_t)st.st_size + 1);
	assert_int_equal(read(fd, text, (size_t)st.st_size), st.st_size);
	close(fd);
	return text;
}

static void test_formats_page_has_the_field_tables_of_the_codec(void **state)
{
	struct sl_buf tables = { 0 };
	char *page = read_page(), *begin = strstr(page, BEGIN), *end = strstr(page, END);

	(void)state;
	describe_all(&tables);
	assert_non_null(begin);
	assert_non_null(end);
	*end = '\0';
	if (strcmp(begin + strlen(BEGIN) + 1, sl_buf_cstr(&tables)) != 0)
		fail_msg("the tables changed: put the output of \"test_formats_page print\" between the marks of docs/formats.md");
	sl_buf_free(&tables);
	free(page);
}

/* Constants the page states in words. */
static void test_formats_page_states_the_sizes_in_force(void **state)
{
	char *page = read_page();

	(void)state;
	assert_int_equal(SL_SEGMENT_HEADER_BYTES, 32);
	assert_int_equal(SL_SEGMENT_TRAILER_BYTES, 40);
	assert_int_equal(SL_CHUNK_AAD_BYTES, 44);
	assert_int_equal(SL_CHUNK_ROWS, 65536);
	assert_int_equal(SL_FRAME_HEADER_BYTES, 12);
	assert_non_null(strstr(page, "`" SL_SEGMENT_MAGIC "`"));
	assert_non_null(strstr(page, "`" SL_SEGMENT_END_MAGIC "`"));
	free(page);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats_page_has_the_field_tables_of_the_codec),
		cmocka_unit_test(test_formats_page_states_the_sizes_in_force),
	};
	struct sl_buf tables = { 0 };

	if (argc != 2 || strcmp(argv[1], "print") != 0)
		return cmocka_run_group_tests_name("docs/formats.md", tests, NULL, NULL);
	describe_all(&tables);
	fputs(sl_buf_cstr(&tables), stdout);
	sl_buf_free(&tables);
	return 0;
}
