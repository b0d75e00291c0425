# tab.bash WORD…: what bash would offer behind these words; the last one is being typed
# shellcheck source=/dev/null
source <(sluice completion bash)
COMP_WORDS=(sluice "$@")
COMP_CWORD=$#
COMPREPLY=()
_sluice
printf '%s\n' "${COMPREPLY[@]}"
