/*
 * completion_text.c - what bash is told to complete: nouns, verbs, flags, from the table of commands.
 */
#include <string.h>

#include "ui-cli/commands.h"
#include "ui-cli/help.h"

static bool noun_seen(size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (strcmp(sl_commands[j]->noun, sl_commands[i]->noun) == 0)
			return true;
	return false;
}

static void nouns(FILE *f)
{
	for (size_t i = 0; i < sl_commands_count; i++)
		if (!noun_seen(i))
			fprintf(f, "%s%s", i ? " " : "", sl_commands[i]->noun);
}

static void verbs(const char *noun, FILE *f)
{
	for (size_t i = 0; i < sl_commands_count; i++)
		if (strcmp(sl_commands[i]->noun, noun) == 0 && *sl_commands[i]->verb)
			fprintf(f, "%s ", sl_commands[i]->verb);
}

static void flags(const struct sl_flag *list, FILE *f)
{
	for (; list->name; list++)
		fprintf(f, "%s ", list->name);
}

void sl_help_completion(FILE *f)
{
	fputs("# bash completion of sluice; printed by `sluice completion bash`\n"
	      "_sluice() {\n"
	      "\tlocal word=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\"\n"
	      "\tif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"",
	      f);
	nouns(f);
	fputs("\"\n\telif [ \"$COMP_CWORD\" -eq 2 ]; then\n\t\tcase \"${COMP_WORDS[1]}\" in\n", f);
	for (size_t i = 0; i < sl_commands_count; i++) {
		if (noun_seen(i) || !*sl_commands[i]->verb)
			continue;
		fprintf(f, "\t\t%s) words=\"", sl_commands[i]->noun);
		verbs(sl_commands[i]->noun, f);
		fputs("\" ;;\n", f);
	}
	fputs("\t\tesac\n\tfi\n\tcase \"$word\" in\n\t-*)\n\t\twords=\"", f);
	flags(sl_args_globals, f);
	fputs("\"\n\t\tcase \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n", f);
	for (size_t i = 0; i < sl_commands_count; i++) {
		if (!sl_commands[i]->flags[0].name)
			continue;
		fprintf(f, "\t\t\"%s %s\"%s) words=\"$words ", sl_commands[i]->noun, sl_commands[i]->verb,
		        *sl_commands[i]->verb ? "" : "*");
		flags(sl_commands[i]->flags, f);
		fputs("\" ;;\n", f);
	}
	fputs("\t\tesac ;;\n\tesac\n"
	      "\tif [ -n \"$words\" ]; then\n\t\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n"
	      "\t\treturn\n\tfi\n"
	      "\tlocal IFS=$'\\n'\n"
	      "\tmapfile -t COMPREPLY < <(SLUICE_COMPLETE=\"${COMP_WORDS[*]:1:COMP_CWORD}\" \"${COMP_WORDS[0]}\" "
	      "completion words 2>/dev/null)\n"
	      "\t[ \"${#COMPREPLY[@]}\" -gt 0 ] || mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n}\n"
	      "complete -o filenames -F _sluice sluice\n",
	      f);
}

void sl_help_completion_zsh(FILE *f)
{
	fputs("#compdef sluice\n"
	      "# zsh completion of sluice; printed by `sluice completion zsh`\n"
	      "_sluice() {\n"
	      "\tlocal -a found\n"
	      "\tfound=(${(f)\"$(SLUICE_COMPLETE=\"${(pj:\\n:)words[2,CURRENT]}\" $words[1] completion words "
	      "2>/dev/null)\"})\n"
	      "\tif (( $#found )); then compadd -a found; else _files; fi\n"
	      "}\n"
	      "compdef _sluice sluice\n",
	      f);
}
