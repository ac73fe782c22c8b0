# bash completion for tok; made by `tok completions bash`, do not edit.

_tok_words() {
    local IFS=$'\n'
    COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}

_tok_files() {
    local IFS=$'\n'
    compopt -o filenames 2>/dev/null
    COMPREPLY+=($(compgen "$1" -- "$cur"))
}

_tok_encodings='r50k_base
p50k_base
cl100k_base
o200k_base
o200k_harmony
qwen2
qwen3.5
deepseek-v3
deepseek-v4
glm-4
glm-4.7
kimi-k2
tekken
minimax
claude-legacy
llama3
llama4
gemma4
gemma3
claude-3
claude-4.7
claude-4.8'

_tok_models='gpt-4o
gpt-4o-mini
gpt-4o-audio-preview
gpt-4o-mini-audio-preview
gpt-4o-search-preview
gpt-4o-mini-search-preview
chatgpt-4o-latest
gpt-5-chat-latest
gpt-5.1-chat-latest
gpt-5.2-chat-latest
gpt-5.3-chat-latest
gpt-4.5-preview
o1-mini
o1-preview
gpt-4o-realtime-preview
gpt-4o-mini-realtime-preview
gpt-4o-transcribe
gpt-4o-mini-transcribe
gpt-5-search-api
gpt-5.5-cyber
gpt-4.1
gpt-4.1-mini
gpt-4.1-nano
o1
o1-pro
o3
o3-mini
o3-pro
o3-deep-research
o4-mini
o4-mini-deep-research
gpt-5
gpt-5-mini
gpt-5-nano
gpt-5-codex
gpt-5.1
gpt-5.1-codex
gpt-5.1-codex-mini
gpt-5.1-codex-max
gpt-5.2
gpt-5.2-codex
gpt-5.2-pro
gpt-5.3-codex
gpt-5.4-mini
gpt-5.4-nano
gpt-5.6-cyber
gpt-5-pro
gpt-5.4
gpt-5.4-pro
gpt-5.6
gpt-5.6-sol
gpt-5.6-terra
gpt-5.6-luna
gpt-5.5
gpt-5.5-pro
gpt-6-astra
gpt-6-sol
gpt-6-luna
gpt-6.1-sol
gpt-6.1-terra
gpt-6-rosalind
gpt-6-astra-law
gpt-audio
gpt-audio-mini
gpt-audio-1.5
gpt-realtime-2
gpt-6-cyber
gpt-realtime
gpt-realtime-mini
codex-mini
computer-use-preview
gpt-oss-120b
gpt-oss-20b
gpt-oss-safeguard-120b
gpt-oss-safeguard-20b
gpt-4
gpt-4-turbo
gpt-4-1106-preview
gpt-4-vision-preview
gpt-4-32k
gpt-3.5-turbo
text-embedding-3-small
text-embedding-3-large
text-embedding-ada-002
davinci-002
babbage-002
gpt-3.5-turbo-instruct
gpt-3.5-turbo-0301
gpt-3.5-turbo-0613
text-davinci-003
text-davinci-002
code-davinci-002
code-davinci-001
code-cushman-002
code-cushman-001
text-davinci-edit-001
code-davinci-edit-001
text-davinci-001
text-curie-001
text-babbage-001
text-ada-001
davinci
curie
babbage
ada
gpt2
claude-1
claude-2
claude-2.0
claude-2.1
claude-instant-1
claude-3-opus
claude-3-sonnet
claude-3-haiku
claude-3-5-sonnet
claude-3-5-haiku
claude-3-7-sonnet
claude-opus-4
claude-opus-4-1
claude-sonnet-4
claude-sonnet-4-5
claude-haiku-4-5
claude-opus-4-5
claude-opus-4-6
claude-sonnet-4-6
claude-opus-4-7
claude-opus-4-8
claude-sonnet-5
claude-fable-5
claude-mythos-5
claude-opus-5
claude-opus-5-5
claude-sonnet-5-5
claude-haiku-5-5
claude-fable-5-1
claude-fable-5-2
claude-mythos-5-1
claude-mythos-5-2
claude-mythos-preview
gemini-3.5-flash
gemini-3.1-flash-lite
gemini-3.1-pro-preview
gemini-2.5-pro
gemini-2.5-flash
gemini-2.5-flash-lite
gemini-3-pro-preview
gemini-3-flash-preview
gemini-2.0-flash
gemini-2.0-flash-lite
gemini-3.5-flash-lite
gemini-3.6-flash
gemini-3.7-flash
gemini-3.8-flash
gemini-3.8-flash-cyber
gemini-3.1-flash-lite-preview
gemini-3.1-pro-preview-customtools
gemini-flash-latest
gemini-flash-lite-latest
gemini-pro-latest
gemini-4-argon
gemini-1.5-pro
gemini-1.5-flash
gemini-1.5-flash-8b
gemini-embedding-001
gemma-2-2b-it
gemma-2-9b-it
gemma-2-27b-it
gemini-embedding-2
gemma-3-1b-it
gemma-3-4b-it
gemma-3-12b-it
gemma-3-27b-it
gemma-4-e2b-it
gemma-4-e4b-it
gemma-4-26b-a4b-it
gemma-4-31b-it
deepseek-v3.1
deepseek-v3.2
deepseek-v3
deepseek-r1
deepseek-v4-pro
deepseek-v4-flash
deepseek-chat
deepseek-reasoner
deepseek-flash
deepseek-v4-flash-vision-exp
deepseek-v4.1-flash
kimi-k2-0711-preview
kimi-k2-0905-preview
kimi-k2-turbo-preview
kimi-k2-thinking
kimi-k2-thinking-turbo
kimi-k2.5
kimi-k2.6
kimi-k2.7-code
kimi-k2.7-code-highspeed
kimi-k2
kimi-k2-base
kimi-k3
kimi-k3.1-pro
kimi-k3.1-pro-highspeed
moonshot-v1-128k
moonshot-v1-128k-vision-preview
moonshot-v1-auto
moonshot-v1-32k
moonshot-v1-32k-vision-preview
moonshot-v1-8k
moonshot-v1-8k-vision-preview
glm-4.5
glm-4.5v
glm-4.5-x
glm-4.5-air
glm-4.5-airx
glm-4.5-flash
glm-4.6
glm-4.6v
glm-4-plus
glm-4-air
glm-4
glm-4-9b-0414
glm-4-32b-0414
glm-z1-9b-0414
glm-z1-32b-0414
glm-4v
glm-4.6v-flash
glm-4.7
glm-4.7-flash
glm-5
glm-5.1
glm-5.2
glm-5.3
glm-5.3-flash
glm-5.3-flashx
glm-5-turbo
glm-5v-turbo
glm-5-code
qwen-turbo
qwen-max
qwen-flash
qwen-coder
qwen-long
qwen-plus
qwen3-max
qwen3-coder-plus
qwen3-coder-flash
qwen3-vl-plus
qwq-plus
qwen-7b-chat
qwen-14b-chat
qwen-72b-chat
qwen2-0.5b-instruct
qwen2-1.5b-instruct
qwen2-7b-instruct
qwen2-72b-instruct
qwen2-vl-2b-instruct
qwen2-vl-7b-instruct
qwen2-vl-72b-instruct
qwen2.5-0.5b-instruct
qwen2.5-1.5b-instruct
qwen2.5-3b-instruct
qwen2.5-7b-instruct
qwen2.5-14b-instruct
qwen2.5-32b-instruct
qwen2.5-72b-instruct
qwen2.5-7b-instruct-1m
qwen2.5-14b-instruct-1m
qwen2.5-coder-1.5b-instruct
qwen2.5-coder-7b-instruct
qwen2.5-coder-14b-instruct
qwen2.5-coder-32b-instruct
qwen2.5-math-7b-instruct
qwen2.5-math-72b-instruct
qwen2.5-vl-3b-instruct
qwen2.5-vl-7b-instruct
qwen2.5-vl-32b-instruct
qwen2.5-vl-72b-instruct
qwq-32b
qwq-32b-preview
qwen3-0.6b
qwen3-1.7b
qwen3-4b
qwen3-8b
qwen3-14b
qwen3-32b
qwen3-30b-a3b
qwen3-30b-a3b-instruct-2507
qwen3-30b-a3b-thinking-2507
qwen3-4b-instruct-2507
qwen3-4b-thinking-2507
qwen3-235b-a22b
qwen3-235b-a22b-instruct-2507
qwen3-235b-a22b-thinking-2507
qwen3-coder-30b-a3b-instruct
qwen3-coder-480b-a35b-instruct
qwen3-coder-next
qwen3-next-80b-a3b-instruct
qwen3-next-80b-a3b-thinking
qwen3-vl-2b-instruct
qwen3-vl-4b-instruct
qwen3-vl-8b-instruct
qwen3-vl-30b-a3b-instruct
qwen3-vl-32b-instruct
qwen3-vl-235b-a22b-instruct
qwen3-embedding-0.6b
qwen3-embedding-4b
qwen3-embedding-8b
qwen3-reranker-0.6b
qwen3-reranker-4b
qwen3-reranker-8b
qwen3.5-plus
qwen3.5-0.8b
qwen3.5-2b
qwen3.5-4b
qwen3.5-9b
qwen3.5-27b
qwen3.5-35b-a3b
qwen3.5-122b-a10b
qwen3.5-397b-a17b
qwen3.6-27b
qwen3.6-35b-a3b
qwen3.7-max
qwen3.7-plus
qwen3.8-max
qwen3.8-flash
qwen3.8-omni-flash
qwen3.8-27b
minimax-m2
minimax-m2.1
minimax-m2.5
minimax-m2.7
minimax-m3
minimax-text-01
minimax-m1-40k
minimax-m1-80k
minimax-m3.1-flash
open-mistral-nemo
ministral-8b-2410
mistral-small-2409
pixtral-12b-2409
mistral-large-4
mistral-large-latest
mistral-large-2512
mistral-medium-latest
mistral-medium-3-5
mistral-medium-3
mistral-small-latest
mistral-small-2603
ministral-8b-2512
ministral-14b-2512
devstral-2512
magistral-medium-latest
magistral-small-latest
ministral-3b-2512
codestral-latest
codestral-2508
pixtral-large-latest
mistral-large-2407
mistral-large-2411
mistral-small-2501
mistral-small-2503
mistral-small-2506
pixtral-large-2411
devstral-small-latest
devstral-medium-latest
llama-3-8b
llama-3-70b
llama-3.1-8b
llama-3.1-70b
llama-3.1-405b
llama-3.2-1b
llama-3.2-3b
llama-3.2-11b-vision
llama-3.2-90b-vision
llama-3.3-70b
llama-4-scout-17b-16e
llama-4-maverick-17b-128e
muse-wonder-1.0
muse-spark-1.1
muse-spark-1.2
muse-spark-1.2-contributor
muse-spark-1.3
muse-spark-1.3-contributor
phi-4
grok-4.5
grok-4.6
grok-4.7
grok-4.20
grok-4.20-reasoning
grok-4.20-non-reasoning
grok-4.20-multi-agent
grok-4.3
grok-4-fast-reasoning
grok-4-fast-non-reasoning
grok-4-1-fast-reasoning
grok-4-1-fast-non-reasoning
grok-4
grok-code-fast-1
grok-build-0.1
grok-3
grok-3-fast
grok-3-mini
grok-3-mini-fast
doubao-seed-2.1-pro
doubao-seed-2.1-turbo
doubao-seed-2.0-pro
doubao-seed-2.0-lite
doubao-seed-2.0-mini
doubao-seed-2.0-code
doubao-seed-1.8
doubao-seed-2-1-pro-260915
doubao-seed-2-1-lite-260915
ernie-5.1
ernie-4.5-turbo-128k
ernie-5.0
ernie-4.5-300b-a47b
ernie-4.5-21b-a3b
ernie-4.5-turbo-32k
ernie-x1.1
hy3
hunyuan-turbos-latest
hunyuan-t1-latest
hunyuan-large
hunyuan-lite
command-r-08-2024
command-r-plus-08-2024
command-r7b-12-2024
command-a-03-2025
command-a-plus-05-2026
nova-pro
nova-lite
nova-micro
nova-premier
nova-2-lite
sonar
sonar-reasoning
sonar-reasoning-pro
sonar-deep-research
sonar-pro
nemotron-nano-9b-v2
nemotron-3-nano-30b-a3b
nemotron-3-super-120b-a12b
nemotron-3-ultra-550b-a55b'

_tok_value() {
    case "$1 $2" in
        ' --format') echo 'word' ;;
        ' --color') echo 'auto|always|never' ;;
        ' -C') echo 'folder' ;;
        ' --config') echo 'file' ;;
        'count -m' | 'count --model') echo 'model' ;;
        'count -e' | 'count --encoding') echo 'encoding' ;;
        'count --by') echo 'file|dir|ext|section|role|message|tool|part' ;;
        'count --top') echo 'word' ;;
        'count --sort') echo 'tokens|path|bytes' ;;
        'count --max') echo 'word' ;;
        'count --include') echo 'word' ;;
        'count --exclude') echo 'word' ;;
        'count --files-from') echo 'file' ;;
        'count --as') echo 'text|openai-chat|openai-responses|anthropic|gemini|claude-code|codex|tools|sharegpt' ;;
        'count --special') echo 'text|parse' ;;
        'count --detail') echo 'auto|low|medium|high|ultra_high|original' ;;
        'count --require') echo 'exact|provider|vendor-local|reconstructed' ;;
        'count -o' | 'count --output') echo 'file' ;;
        'count --format') echo 'table|plain|json|jsonl|csv|markdown' ;;
        'count --color') echo 'auto|always|never' ;;
        'count -C') echo 'folder' ;;
        'count --config') echo 'file' ;;
        'cost -m' | 'cost --model') echo 'model' ;;
        'cost -e' | 'cost --encoding') echo 'encoding' ;;
        'cost --output-tokens') echo 'word' ;;
        'cost --output-ratio') echo 'word' ;;
        'cost --input-tokens') echo 'word' ;;
        'cost --cached-tokens') echo 'word' ;;
        'cost --cached-share') echo 'word' ;;
        'cost --unit') echo 'word' ;;
        'cost --usage') echo 'file' ;;
        'cost --calls') echo 'word' ;;
        'cost --service-tier') echo 'word' ;;
        'cost --speed') echo 'word' ;;
        'cost --region') echo 'word' ;;
        'cost --cache-mode') echo 'implicit|explicit' ;;
        'cost --search-size') echo 'low|medium|high' ;;
        'cost --resolution') echo 'word' ;;
        'cost --duration-seconds') echo 'word' ;;
        'cost --at') echo 'word' ;;
        'cost --currency') echo 'word' ;;
        'cost --fx') echo 'word' ;;
        'cost --family') echo 'word' ;;
        'cost --scores') echo 'file' ;;
        'cost --ratecard') echo 'word' ;;
        'cost --provider') echo 'word' ;;
        'cost --on-unknown') echo 'error|warn|skip' ;;
        'cost --top') echo 'word' ;;
        'cost --include') echo 'word' ;;
        'cost --exclude') echo 'word' ;;
        'cost --files-from') echo 'file' ;;
        'cost --as') echo 'text|openai-chat|openai-responses|anthropic|gemini|claude-code|codex|tools|sharegpt' ;;
        'cost --special') echo 'text|parse' ;;
        'cost --detail') echo 'auto|low|medium|high|ultra_high|original' ;;
        'cost --require') echo 'exact|provider|vendor-local|reconstructed' ;;
        'cost -o' | 'cost --output') echo 'file' ;;
        'cost --format') echo 'table|plain|json|jsonl|csv|markdown' ;;
        'cost --color') echo 'auto|always|never' ;;
        'cost -C') echo 'folder' ;;
        'cost --config') echo 'file' ;;
        'simulate -m' | 'simulate --model') echo 'model' ;;
        'simulate -e' | 'simulate --encoding') echo 'encoding' ;;
        'simulate --turns') echo 'word' ;;
        'simulate --tool-calls') echo 'word' ;;
        'simulate --result-tokens') echo 'word' ;;
        'simulate --user-tokens') echo 'word' ;;
        'simulate --output-tokens') echo 'word' ;;
        'simulate --thinking-tokens') echo 'word' ;;
        'simulate --retries') echo 'word' ;;
        'simulate --subagents') echo 'word' ;;
        'simulate --subagent-turns') echo 'word' ;;
        'simulate --subagent-prompt') echo 'word' ;;
        'simulate --subagent-return') echo 'word' ;;
        'simulate --system') echo 'file' ;;
        'simulate --tools') echo 'file' ;;
        'simulate --compact-at') echo 'word' ;;
        'simulate --compact-to') echo 'word' ;;
        'simulate --cache') echo 'none|automatic|5m|30m|1h|12h' ;;
        'simulate --gap') echo 'word' ;;
        'simulate --runs') echo 'word' ;;
        'simulate --seed') echo 'word' ;;
        'simulate --service-tier') echo 'word' ;;
        'simulate --speed') echo 'word' ;;
        'simulate --region') echo 'word' ;;
        'simulate --at') echo 'word' ;;
        'simulate --currency') echo 'word' ;;
        'simulate --fx') echo 'word' ;;
        'simulate --ratecard') echo 'word' ;;
        'simulate --provider') echo 'word' ;;
        'simulate -o' | 'simulate --output') echo 'file' ;;
        'simulate --format') echo 'table|plain|json|csv|markdown' ;;
        'simulate --color') echo 'auto|always|never' ;;
        'simulate -C') echo 'folder' ;;
        'simulate --config') echo 'file' ;;
        'replay --on') echo 'model' ;;
        'replay --system') echo 'file' ;;
        'replay --tools') echo 'file' ;;
        'replay --cache') echo 'none|automatic|5m|30m|1h|12h' ;;
        'replay --as') echo 'text|openai-chat|openai-responses|anthropic|gemini|claude-code|codex|tools|sharegpt' ;;
        'replay --at') echo 'word' ;;
        'replay --currency') echo 'word' ;;
        'replay --fx') echo 'word' ;;
        'replay --ratecard') echo 'word' ;;
        'replay --provider') echo 'word' ;;
        'replay -o' | 'replay --output') echo 'file' ;;
        'replay --format') echo 'table|plain|json|markdown' ;;
        'replay --color') echo 'auto|always|never' ;;
        'replay -C') echo 'folder' ;;
        'replay --config') echo 'file' ;;
        'diff -m' | 'diff --model') echo 'model' ;;
        'diff -e' | 'diff --encoding') echo 'encoding' ;;
        'diff --top') echo 'word' ;;
        'diff --sort') echo 'tokens|path' ;;
        'diff --max') echo 'word' ;;
        'diff --include') echo 'word' ;;
        'diff --exclude') echo 'word' ;;
        'diff --special') echo 'text|parse' ;;
        'diff --require') echo 'exact|provider|vendor-local|reconstructed' ;;
        'diff -o' | 'diff --output') echo 'file' ;;
        'diff --format') echo 'table|plain|json|markdown' ;;
        'diff --color') echo 'auto|always|never' ;;
        'diff -C') echo 'folder' ;;
        'diff --config') echo 'file' ;;
        'context --agent') echo 'claude|codex|cursor|copilot|gemini|windsurf|all' ;;
        'context --tools') echo 'file' ;;
        'context --run') echo 'word' ;;
        'context -m' | 'context --model') echo 'model' ;;
        'context -e' | 'context --encoding') echo 'encoding' ;;
        'context --max') echo 'word' ;;
        'context --require') echo 'exact|provider|vendor-local|reconstructed' ;;
        'context --at') echo 'word' ;;
        'context --ratecard') echo 'word' ;;
        'context --provider') echo 'word' ;;
        'context -o' | 'context --output') echo 'file' ;;
        'context --format') echo 'table|plain|json|markdown' ;;
        'context --color') echo 'auto|always|never' ;;
        'context -C') echo 'folder' ;;
        'context --config') echo 'file' ;;
        'models --provider') echo 'word' ;;
        'models --maker') echo 'word' ;;
        'models --currency') echo 'word' ;;
        'models --max-input') echo 'word' ;;
        'models --min-window') echo 'word' ;;
        'models --retired') echo 'no|only|all' ;;
        'models --at') echo 'word' ;;
        'models --ratecard') echo 'word' ;;
        'models -o' | 'models --output') echo 'file' ;;
        'models --format') echo 'table|plain|json|csv|markdown' ;;
        'models --color') echo 'auto|always|never' ;;
        'models -C') echo 'folder' ;;
        'models --config') echo 'file' ;;
        'check --base') echo 'word' ;;
        'check --scope') echo 'file|total' ;;
        'check -o' | 'check --output') echo 'file' ;;
        'check --format') echo 'table|plain|json|markdown|sarif|github' ;;
        'check --color') echo 'auto|always|never' ;;
        'check -C') echo 'folder' ;;
        'check --config') echo 'file' ;;
        'gate --format') echo 'word' ;;
        'gate --color') echo 'auto|always|never' ;;
        'gate -C') echo 'folder' ;;
        'gate --config') echo 'file' ;;
        'gate init -m' | 'gate init --model') echo 'model' ;;
        'gate init -e' | 'gate init --encoding') echo 'encoding' ;;
        'gate init -o' | 'gate init --output') echo 'file' ;;
        'gate init --format') echo 'plain|json' ;;
        'gate init --color') echo 'auto|always|never' ;;
        'gate init -C') echo 'folder' ;;
        'gate init --config') echo 'file' ;;
        'gate explain --format') echo 'plain|json' ;;
        'gate explain --color') echo 'auto|always|never' ;;
        'gate explain -C') echo 'folder' ;;
        'gate explain --config') echo 'file' ;;
        'gate update --format') echo 'plain|json' ;;
        'gate update --color') echo 'auto|always|never' ;;
        'gate update -C') echo 'folder' ;;
        'gate update --config') echo 'file' ;;
        'gate lock --at') echo 'word' ;;
        'gate lock --format') echo 'plain|json' ;;
        'gate lock --color') echo 'auto|always|never' ;;
        'gate lock -C') echo 'folder' ;;
        'gate lock --config') echo 'file' ;;
        'encode --text') echo 'word' ;;
        'encode -m' | 'encode --model') echo 'model' ;;
        'encode -e' | 'encode --encoding') echo 'encoding' ;;
        'encode --special') echo 'text|parse' ;;
        'encode --as') echo 'text' ;;
        'encode -o' | 'encode --output') echo 'file' ;;
        'encode --format') echo 'plain|json' ;;
        'encode --color') echo 'auto|always|never' ;;
        'encode -C') echo 'folder' ;;
        'encode --config') echo 'file' ;;
        'decode -m' | 'decode --model') echo 'model' ;;
        'decode -e' | 'decode --encoding') echo 'encoding' ;;
        'decode -o' | 'decode --output') echo 'file' ;;
        'decode --format') echo 'plain|json' ;;
        'decode --color') echo 'auto|always|never' ;;
        'decode -C') echo 'folder' ;;
        'decode --config') echo 'file' ;;
        'truncate --text') echo 'word' ;;
        'truncate --keep') echo 'head|tail|both' ;;
        'truncate --marker') echo 'word' ;;
        'truncate -m' | 'truncate --model') echo 'model' ;;
        'truncate -e' | 'truncate --encoding') echo 'encoding' ;;
        'truncate --special') echo 'text|parse' ;;
        'truncate --require') echo 'exact|provider|vendor-local|reconstructed' ;;
        'truncate --as') echo 'text' ;;
        'truncate -o' | 'truncate --output') echo 'file' ;;
        'truncate --format') echo 'plain|json' ;;
        'truncate --color') echo 'auto|always|never' ;;
        'truncate -C') echo 'folder' ;;
        'truncate --config') echo 'file' ;;
        'config --format') echo 'word' ;;
        'config --color') echo 'auto|always|never' ;;
        'config -C') echo 'folder' ;;
        'config --config') echo 'file' ;;
        'config show --format') echo 'plain|json' ;;
        'config show --color') echo 'auto|always|never' ;;
        'config show -C') echo 'folder' ;;
        'config show --config') echo 'file' ;;
        'cache --format') echo 'word' ;;
        'cache --color') echo 'auto|always|never' ;;
        'cache -C') echo 'folder' ;;
        'cache --config') echo 'file' ;;
        'cache info --format') echo 'plain|json' ;;
        'cache info --color') echo 'auto|always|never' ;;
        'cache info -C') echo 'folder' ;;
        'cache info --config') echo 'file' ;;
        'cache clear --format') echo 'plain|json' ;;
        'cache clear --color') echo 'auto|always|never' ;;
        'cache clear -C') echo 'folder' ;;
        'cache clear --config') echo 'file' ;;
        'tokenizers --format') echo 'word' ;;
        'tokenizers --color') echo 'auto|always|never' ;;
        'tokenizers -C') echo 'folder' ;;
        'tokenizers --config') echo 'file' ;;
        'tokenizers add --hf') echo 'word' ;;
        'tokenizers add --like') echo 'encoding' ;;
        'tokenizers add --pattern') echo 'word' ;;
        'tokenizers add --format') echo 'plain|json' ;;
        'tokenizers add --color') echo 'auto|always|never' ;;
        'tokenizers add -C') echo 'folder' ;;
        'tokenizers add --config') echo 'file' ;;
        'tokenizers list --format') echo 'plain|json' ;;
        'tokenizers list --color') echo 'auto|always|never' ;;
        'tokenizers list -C') echo 'folder' ;;
        'tokenizers list --config') echo 'file' ;;
        'tokenizers show --format') echo 'plain|json' ;;
        'tokenizers show --color') echo 'auto|always|never' ;;
        'tokenizers show -C') echo 'folder' ;;
        'tokenizers show --config') echo 'file' ;;
        'tokenizers verify --format') echo 'plain|json' ;;
        'tokenizers verify --color') echo 'auto|always|never' ;;
        'tokenizers verify -C') echo 'folder' ;;
        'tokenizers verify --config') echo 'file' ;;
        'tokenizers remove --format') echo 'plain|json' ;;
        'tokenizers remove --color') echo 'auto|always|never' ;;
        'tokenizers remove -C') echo 'folder' ;;
        'tokenizers remove --config') echo 'file' ;;
        'tokenizers compare -m' | 'tokenizers compare --model') echo 'model' ;;
        'tokenizers compare -e' | 'tokenizers compare --encoding') echo 'encoding' ;;
        'tokenizers compare --as') echo 'text' ;;
        'tokenizers compare -o' | 'tokenizers compare --output') echo 'file' ;;
        'tokenizers compare --format') echo 'table|plain|json|markdown' ;;
        'tokenizers compare --color') echo 'auto|always|never' ;;
        'tokenizers compare -C') echo 'folder' ;;
        'tokenizers compare --config') echo 'file' ;;
        'rates --format') echo 'word' ;;
        'rates --color') echo 'auto|always|never' ;;
        'rates -C') echo 'folder' ;;
        'rates --config') echo 'file' ;;
        'rates list --provider') echo 'word' ;;
        'rates list --ratecard') echo 'word' ;;
        'rates list --format') echo 'plain|json' ;;
        'rates list --color') echo 'auto|always|never' ;;
        'rates list -C') echo 'folder' ;;
        'rates list --config') echo 'file' ;;
        'rates show --at') echo 'word' ;;
        'rates show --provider') echo 'word' ;;
        'rates show --ratecard') echo 'word' ;;
        'rates show --format') echo 'plain|json' ;;
        'rates show --color') echo 'auto|always|never' ;;
        'rates show -C') echo 'folder' ;;
        'rates show --config') echo 'file' ;;
        'rates check --format') echo 'plain|json' ;;
        'rates check --color') echo 'auto|always|never' ;;
        'rates check -C') echo 'folder' ;;
        'rates check --config') echo 'file' ;;
        'rates diff -o' | 'rates diff --output') echo 'file' ;;
        'rates diff --format') echo 'table|plain|json|markdown' ;;
        'rates diff --color') echo 'auto|always|never' ;;
        'rates diff -C') echo 'folder' ;;
        'rates diff --config') echo 'file' ;;
        'rates import --from') echo 'genai-prices|litellm' ;;
        'rates import --provider') echo 'word' ;;
        'rates import -o' | 'rates import --output') echo 'word' ;;
        'rates import --format') echo 'plain|json' ;;
        'rates import --color') echo 'auto|always|never' ;;
        'rates import -C') echo 'folder' ;;
        'rates import --config') echo 'file' ;;
        'rates update --from') echo 'word' ;;
        'rates update --sha256') echo 'word' ;;
        'rates update --format') echo 'plain|json' ;;
        'rates update --color') echo 'auto|always|never' ;;
        'rates update -C') echo 'folder' ;;
        'rates update --config') echo 'file' ;;
        'rates schema --format') echo 'plain|json' ;;
        'rates schema --color') echo 'auto|always|never' ;;
        'rates schema -C') echo 'folder' ;;
        'rates schema --config') echo 'file' ;;
        'completions -o' | 'completions --output') echo 'file' ;;
        'completions --format') echo 'plain|json' ;;
        'completions --color') echo 'auto|always|never' ;;
        'completions -C') echo 'folder' ;;
        'completions --config') echo 'file' ;;
        'help --format') echo 'plain|json' ;;
        'help --color') echo 'auto|always|never' ;;
        'help -C') echo 'folder' ;;
        'help --config') echo 'file' ;;
    esac
}

_tok() {
    local cur=${COMP_WORDS[COMP_CWORD]} prev= command= word value i
    COMPREPLY=()
    if ((COMP_CWORD > 0)); then
        prev=${COMP_WORDS[COMP_CWORD - 1]}
    fi
    # bash splits --name=value at "="; put the two back together.
    if [[ $cur == = ]]; then
        cur=
    elif [[ $prev == = && $COMP_CWORD -gt 1 ]]; then
        prev=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    for ((i = 1; i < COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        case "$word" in
            --) _tok_files -f; return ;;
            =) continue ;;
        esac
        value=$(_tok_value "$command" "$word")
        if [[ -n $value ]]; then
            if [[ $((i + 1)) -eq $COMP_CWORD ]]; then
                break
            fi
            i=$((i + 1))
            if [[ ${COMP_WORDS[i]} == = ]]; then
                i=$((i + 1))
            fi
            continue
        fi
        case "$command $word" in
            ' count') command='count' ;;
            ' cost') command='cost' ;;
            ' simulate') command='simulate' ;;
            ' replay') command='replay' ;;
            ' diff') command='diff' ;;
            ' context') command='context' ;;
            ' models') command='models' ;;
            ' check') command='check' ;;
            ' gate') command='gate' ;;
            'gate init') command='gate init' ;;
            'gate explain') command='gate explain' ;;
            'gate update') command='gate update' ;;
            'gate lock') command='gate lock' ;;
            ' encode') command='encode' ;;
            ' decode') command='decode' ;;
            ' truncate') command='truncate' ;;
            ' config') command='config' ;;
            'config show') command='config show' ;;
            ' cache') command='cache' ;;
            'cache info') command='cache info' ;;
            'cache clear') command='cache clear' ;;
            ' tokenizers') command='tokenizers' ;;
            'tokenizers add') command='tokenizers add' ;;
            'tokenizers list') command='tokenizers list' ;;
            'tokenizers show') command='tokenizers show' ;;
            'tokenizers verify') command='tokenizers verify' ;;
            'tokenizers remove') command='tokenizers remove' ;;
            'tokenizers compare') command='tokenizers compare' ;;
            ' rates') command='rates' ;;
            'rates list') command='rates list' ;;
            'rates show') command='rates show' ;;
            'rates check') command='rates check' ;;
            'rates diff') command='rates diff' ;;
            'rates import') command='rates import' ;;
            'rates update') command='rates update' ;;
            'rates schema') command='rates schema' ;;
            ' completions') command='completions' ;;
            ' help') command='help' ;;
        esac
    done
    value=$(_tok_value "$command" "$prev")
    case "$value" in
        "") ;;
        file) _tok_files -f; return ;;
        folder) _tok_files -d; return ;;
        word) return ;;
        encoding) _tok_words "$_tok_encodings"; return ;;
        model) _tok_words "$_tok_models"; return ;;
        *) _tok_words "${value//|/$'\n'}"; return ;;
    esac
    case "$command" in
        '')
            if [[ $cur == -* ]]; then _tok_words '--version
-V
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'count
cost
simulate
replay
diff
context
models
check
gate
encode
decode
truncate
config
cache
tokenizers
rates
completions
help'
            ;;
        'count')
            if [[ $cur == -* ]]; then _tok_words '-m
--model
-e
--encoding
--by
--tree
--top
--sort
--reverse
--max
--window
--include
--exclude
--files-from
-0
--null
--as
--special
--detail
--require
--remote
--show-skipped
--all
-q
--quiet
-o
--output
--no-cache
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'cost')
            if [[ $cur == -* ]]; then _tok_words '-m
--model
-e
--encoding
--output-tokens
--output-ratio
--input-tokens
--cached-tokens
--cached-share
--unit
--usage
--calls
--batch
--service-tier
--speed
--region
--thinking
--cache-mode
--search-size
--resolution
--duration-seconds
--at
--currency
--fx
--compare
--all
--family
--scores
--explain
--caching
--together
--ratecard
--provider
--on-unknown
--total
--top
--include
--exclude
--files-from
-0
--null
--as
--special
--detail
--require
--show-skipped
-q
--quiet
-o
--output
--no-cache
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'simulate')
            if [[ $cur == -* ]]; then _tok_words '-m
--model
-e
--encoding
--turns
--tool-calls
--result-tokens
--user-tokens
--output-tokens
--thinking-tokens
--keep-thinking
--retries
--subagents
--subagent-turns
--subagent-prompt
--subagent-return
--system
--tools
--compact-at
--compact-to
--cache
--gap
--runs
--seed
--batch
--service-tier
--speed
--region
--at
--currency
--fx
--ratecard
--provider
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'replay')
            if [[ $cur == -* ]]; then _tok_words '--on
--system
--tools
--keep-thinking
--cache
--as
--at
--currency
--fx
--ratecard
--provider
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'diff')
            if [[ $cur == -* ]]; then _tok_words '--staged
--worktree
-m
--model
-e
--encoding
--top
--sort
--reverse
--max
--include
--exclude
--special
--require
--show-skipped
--all
-q
--quiet
-o
--output
--no-cache
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'context')
            if [[ $cur == -* ]]; then _tok_words '--agent
--user
--tools
--run
-m
--model
-e
--encoding
--max
--require
--at
--ratecard
--provider
--all
--show-skipped
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'models')
            if [[ $cur == -* ]]; then _tok_words '--provider
--maker
--currency
--max-input
--min-window
--exact
--priced
--retired
--all
--at
--ratecard
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'check')
            if [[ $cur == -* ]]; then _tok_words '--base
--staged
--worktree
--scope
--allow-policy-change
--warn-only
--show-skipped
-o
--output
--no-cache
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'gate')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'init
explain
update
lock'
            ;;
        'gate init')
            if [[ $cur == -* ]]; then _tok_words '-m
--model
-e
--encoding
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'gate explain')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'gate update')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'gate lock')
            if [[ $cur == -* ]]; then _tok_words '--at
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'encode')
            if [[ $cur == -* ]]; then _tok_words '--text
-m
--model
-e
--encoding
--special
--as
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'decode')
            if [[ $cur == -* ]]; then _tok_words '-m
--model
-e
--encoding
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'truncate')
            if [[ $cur == -* ]]; then _tok_words '--text
--keep
--marker
-m
--model
-e
--encoding
--special
--require
--as
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'config')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'show'
            ;;
        'config show')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'cache')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'info
clear'
            ;;
        'cache info')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'cache clear')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'tokenizers')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'add
list
show
verify
remove
compare'
            ;;
        'tokenizers add')
            if [[ $cur == -* ]]; then _tok_words '--hf
--like
--pattern
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'tokenizers list')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'tokenizers show')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'tokenizers verify')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'tokenizers remove')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'tokenizers compare')
            if [[ $cur == -* ]]; then _tok_words '-m
--model
-e
--encoding
--as
-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'rates')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'list
show
check
diff
import
update
schema'
            ;;
        'rates list')
            if [[ $cur == -* ]]; then _tok_words '--provider
--ratecard
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'rates show')
            if [[ $cur == -* ]]; then _tok_words '--at
--origin
--provider
--ratecard
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'rates check')
            if [[ $cur == -* ]]; then _tok_words '--strict
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'rates diff')
            if [[ $cur == -* ]]; then _tok_words '-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'rates import')
            if [[ $cur == -* ]]; then _tok_words '--from
--provider
-o
--output
--dry-run
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_files -f
            ;;
        'rates update')
            if [[ $cur == -* ]]; then _tok_words '--from
--sha256
--force
--yes
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'rates schema')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            ;;
        'completions')
            if [[ $cur == -* ]]; then _tok_words '-o
--output
--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'bash
zsh
fish
powershell'
            ;;
        'help')
            if [[ $cur == -* ]]; then _tok_words '--format
--json
--color
-C
--config
--no-config
--debug
-h
--help'; return; fi
            _tok_words 'count
cost
simulate
replay
diff
context
models
check
gate
encode
decode
truncate
config
cache
tokenizers
rates
completions
help
exit-codes
settings
formats
own-tokenizers
ratecards
methods
encodings
agents'
            ;;
    esac
}

complete -F _tok tok
