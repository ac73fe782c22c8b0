# PowerShell completion for tok; made by `tok completions powershell`, do not edit.

Register-ArgumentCompleter -Native -CommandName tok -ScriptBlock {
    param($word, $ast, $position)
    $encodings = @('r50k_base', 'p50k_base', 'cl100k_base', 'o200k_base', 'o200k_harmony', 'qwen2', 'qwen3.5', 'deepseek-v3', 'deepseek-v4', 'glm-4', 'glm-4.7', 'kimi-k2', 'tekken', 'minimax', 'claude-legacy', 'llama3', 'llama4', 'gemma4', 'gemma3', 'claude-3', 'claude-4.7', 'claude-4.8')
    $models = @('gpt-4o', 'gpt-4o-mini', 'gpt-4o-audio-preview', 'gpt-4o-mini-audio-preview', 'gpt-4o-search-preview', 'gpt-4o-mini-search-preview', 'chatgpt-4o-latest', 'gpt-5-chat-latest', 'gpt-5.1-chat-latest', 'gpt-5.2-chat-latest', 'gpt-5.3-chat-latest', 'gpt-4.5-preview', 'o1-mini', 'o1-preview', 'gpt-4o-realtime-preview', 'gpt-4o-mini-realtime-preview', 'gpt-4o-transcribe', 'gpt-4o-mini-transcribe', 'gpt-5-search-api', 'gpt-5.5-cyber', 'gpt-4.1', 'gpt-4.1-mini', 'gpt-4.1-nano', 'o1', 'o1-pro', 'o3', 'o3-mini', 'o3-pro', 'o3-deep-research', 'o4-mini', 'o4-mini-deep-research', 'gpt-5', 'gpt-5-mini', 'gpt-5-nano', 'gpt-5-codex', 'gpt-5.1', 'gpt-5.1-codex', 'gpt-5.1-codex-mini', 'gpt-5.1-codex-max', 'gpt-5.2', 'gpt-5.2-codex', 'gpt-5.2-pro', 'gpt-5.3-codex', 'gpt-5.4-mini', 'gpt-5.4-nano', 'gpt-5.6-cyber', 'gpt-5-pro', 'gpt-5.4', 'gpt-5.4-pro', 'gpt-5.6', 'gpt-5.6-sol', 'gpt-5.6-terra', 'gpt-5.6-luna', 'gpt-5.5', 'gpt-5.5-pro', 'gpt-6-astra', 'gpt-6-sol', 'gpt-6-luna', 'gpt-6.1-sol', 'gpt-6.1-terra', 'gpt-6-rosalind', 'gpt-6-astra-law', 'gpt-audio', 'gpt-audio-mini', 'gpt-audio-1.5', 'gpt-realtime-2', 'gpt-6-cyber', 'gpt-realtime', 'gpt-realtime-mini', 'codex-mini', 'computer-use-preview', 'gpt-oss-120b', 'gpt-oss-20b', 'gpt-oss-safeguard-120b', 'gpt-oss-safeguard-20b', 'gpt-4', 'gpt-4-turbo', 'gpt-4-1106-preview', 'gpt-4-vision-preview', 'gpt-4-32k', 'gpt-3.5-turbo', 'text-embedding-3-small', 'text-embedding-3-large', 'text-embedding-ada-002', 'davinci-002', 'babbage-002', 'gpt-3.5-turbo-instruct', 'gpt-3.5-turbo-0301', 'gpt-3.5-turbo-0613', 'text-davinci-003', 'text-davinci-002', 'code-davinci-002', 'code-davinci-001', 'code-cushman-002', 'code-cushman-001', 'text-davinci-edit-001', 'code-davinci-edit-001', 'text-davinci-001', 'text-curie-001', 'text-babbage-001', 'text-ada-001', 'davinci', 'curie', 'babbage', 'ada', 'gpt2', 'claude-1', 'claude-2', 'claude-2.0', 'claude-2.1', 'claude-instant-1', 'claude-3-opus', 'claude-3-sonnet', 'claude-3-haiku', 'claude-3-5-sonnet', 'claude-3-5-haiku', 'claude-3-7-sonnet', 'claude-opus-4', 'claude-opus-4-1', 'claude-sonnet-4', 'claude-sonnet-4-5', 'claude-haiku-4-5', 'claude-opus-4-5', 'claude-opus-4-6', 'claude-sonnet-4-6', 'claude-opus-4-7', 'claude-opus-4-8', 'claude-sonnet-5', 'claude-fable-5', 'claude-mythos-5', 'claude-opus-5', 'claude-opus-5-5', 'claude-sonnet-5-5', 'claude-haiku-5-5', 'claude-fable-5-1', 'claude-fable-5-2', 'claude-mythos-5-1', 'claude-mythos-5-2', 'claude-mythos-preview', 'gemini-3.5-flash', 'gemini-3.1-flash-lite', 'gemini-3.1-pro-preview', 'gemini-2.5-pro', 'gemini-2.5-flash', 'gemini-2.5-flash-lite', 'gemini-3-pro-preview', 'gemini-3-flash-preview', 'gemini-2.0-flash', 'gemini-2.0-flash-lite', 'gemini-3.5-flash-lite', 'gemini-3.6-flash', 'gemini-3.7-flash', 'gemini-3.8-flash', 'gemini-3.8-flash-cyber', 'gemini-3.1-flash-lite-preview', 'gemini-3.1-pro-preview-customtools', 'gemini-flash-latest', 'gemini-flash-lite-latest', 'gemini-pro-latest', 'gemini-4-argon', 'gemini-1.5-pro', 'gemini-1.5-flash', 'gemini-1.5-flash-8b', 'gemini-embedding-001', 'gemma-2-2b-it', 'gemma-2-9b-it', 'gemma-2-27b-it', 'gemini-embedding-2', 'gemma-3-1b-it', 'gemma-3-4b-it', 'gemma-3-12b-it', 'gemma-3-27b-it', 'gemma-4-e2b-it', 'gemma-4-e4b-it', 'gemma-4-26b-a4b-it', 'gemma-4-31b-it', 'deepseek-v3.1', 'deepseek-v3.2', 'deepseek-v3', 'deepseek-r1', 'deepseek-v4-pro', 'deepseek-v4-flash', 'deepseek-chat', 'deepseek-reasoner', 'deepseek-flash', 'deepseek-v4-flash-vision-exp', 'deepseek-v4.1-flash', 'kimi-k2-0711-preview', 'kimi-k2-0905-preview', 'kimi-k2-turbo-preview', 'kimi-k2-thinking', 'kimi-k2-thinking-turbo', 'kimi-k2.5', 'kimi-k2.6', 'kimi-k2.7-code', 'kimi-k2.7-code-highspeed', 'kimi-k2', 'kimi-k2-base', 'kimi-k3', 'kimi-k3.1-pro', 'kimi-k3.1-pro-highspeed', 'moonshot-v1-128k', 'moonshot-v1-128k-vision-preview', 'moonshot-v1-auto', 'moonshot-v1-32k', 'moonshot-v1-32k-vision-preview', 'moonshot-v1-8k', 'moonshot-v1-8k-vision-preview', 'glm-4.5', 'glm-4.5v', 'glm-4.5-x', 'glm-4.5-air', 'glm-4.5-airx', 'glm-4.5-flash', 'glm-4.6', 'glm-4.6v', 'glm-4-plus', 'glm-4-air', 'glm-4', 'glm-4-9b-0414', 'glm-4-32b-0414', 'glm-z1-9b-0414', 'glm-z1-32b-0414', 'glm-4v', 'glm-4.6v-flash', 'glm-4.7', 'glm-4.7-flash', 'glm-5', 'glm-5.1', 'glm-5.2', 'glm-5.3', 'glm-5.3-flash', 'glm-5.3-flashx', 'glm-5-turbo', 'glm-5v-turbo', 'glm-5-code', 'qwen-turbo', 'qwen-max', 'qwen-flash', 'qwen-coder', 'qwen-long', 'qwen-plus', 'qwen3-max', 'qwen3-coder-plus', 'qwen3-coder-flash', 'qwen3-vl-plus', 'qwq-plus', 'qwen-7b-chat', 'qwen-14b-chat', 'qwen-72b-chat', 'qwen2-0.5b-instruct', 'qwen2-1.5b-instruct', 'qwen2-7b-instruct', 'qwen2-72b-instruct', 'qwen2-vl-2b-instruct', 'qwen2-vl-7b-instruct', 'qwen2-vl-72b-instruct', 'qwen2.5-0.5b-instruct', 'qwen2.5-1.5b-instruct', 'qwen2.5-3b-instruct', 'qwen2.5-7b-instruct', 'qwen2.5-14b-instruct', 'qwen2.5-32b-instruct', 'qwen2.5-72b-instruct', 'qwen2.5-7b-instruct-1m', 'qwen2.5-14b-instruct-1m', 'qwen2.5-coder-1.5b-instruct', 'qwen2.5-coder-7b-instruct', 'qwen2.5-coder-14b-instruct', 'qwen2.5-coder-32b-instruct', 'qwen2.5-math-7b-instruct', 'qwen2.5-math-72b-instruct', 'qwen2.5-vl-3b-instruct', 'qwen2.5-vl-7b-instruct', 'qwen2.5-vl-32b-instruct', 'qwen2.5-vl-72b-instruct', 'qwq-32b', 'qwq-32b-preview', 'qwen3-0.6b', 'qwen3-1.7b', 'qwen3-4b', 'qwen3-8b', 'qwen3-14b', 'qwen3-32b', 'qwen3-30b-a3b', 'qwen3-30b-a3b-instruct-2507', 'qwen3-30b-a3b-thinking-2507', 'qwen3-4b-instruct-2507', 'qwen3-4b-thinking-2507', 'qwen3-235b-a22b', 'qwen3-235b-a22b-instruct-2507', 'qwen3-235b-a22b-thinking-2507', 'qwen3-coder-30b-a3b-instruct', 'qwen3-coder-480b-a35b-instruct', 'qwen3-coder-next', 'qwen3-next-80b-a3b-instruct', 'qwen3-next-80b-a3b-thinking', 'qwen3-vl-2b-instruct', 'qwen3-vl-4b-instruct', 'qwen3-vl-8b-instruct', 'qwen3-vl-30b-a3b-instruct', 'qwen3-vl-32b-instruct', 'qwen3-vl-235b-a22b-instruct', 'qwen3-embedding-0.6b', 'qwen3-embedding-4b', 'qwen3-embedding-8b', 'qwen3-reranker-0.6b', 'qwen3-reranker-4b', 'qwen3-reranker-8b', 'qwen3.5-plus', 'qwen3.5-0.8b', 'qwen3.5-2b', 'qwen3.5-4b', 'qwen3.5-9b', 'qwen3.5-27b', 'qwen3.5-35b-a3b', 'qwen3.5-122b-a10b', 'qwen3.5-397b-a17b', 'qwen3.6-27b', 'qwen3.6-35b-a3b', 'qwen3.7-max', 'qwen3.7-plus', 'qwen3.8-max', 'qwen3.8-flash', 'qwen3.8-omni-flash', 'qwen3.8-27b', 'minimax-m2', 'minimax-m2.1', 'minimax-m2.5', 'minimax-m2.7', 'minimax-m3', 'minimax-text-01', 'minimax-m1-40k', 'minimax-m1-80k', 'minimax-m3.1-flash', 'open-mistral-nemo', 'ministral-8b-2410', 'mistral-small-2409', 'pixtral-12b-2409', 'mistral-large-4', 'mistral-large-latest', 'mistral-large-2512', 'mistral-medium-latest', 'mistral-medium-3-5', 'mistral-medium-3', 'mistral-small-latest', 'mistral-small-2603', 'ministral-8b-2512', 'ministral-14b-2512', 'devstral-2512', 'magistral-medium-latest', 'magistral-small-latest', 'ministral-3b-2512', 'codestral-latest', 'codestral-2508', 'pixtral-large-latest', 'mistral-large-2407', 'mistral-large-2411', 'mistral-small-2501', 'mistral-small-2503', 'mistral-small-2506', 'pixtral-large-2411', 'devstral-small-latest', 'devstral-medium-latest', 'llama-3-8b', 'llama-3-70b', 'llama-3.1-8b', 'llama-3.1-70b', 'llama-3.1-405b', 'llama-3.2-1b', 'llama-3.2-3b', 'llama-3.2-11b-vision', 'llama-3.2-90b-vision', 'llama-3.3-70b', 'llama-4-scout-17b-16e', 'llama-4-maverick-17b-128e', 'muse-wonder-1.0', 'muse-spark-1.1', 'muse-spark-1.2', 'muse-spark-1.2-contributor', 'muse-spark-1.3', 'muse-spark-1.3-contributor', 'phi-4', 'grok-4.5', 'grok-4.6', 'grok-4.7', 'grok-4.20', 'grok-4.20-reasoning', 'grok-4.20-non-reasoning', 'grok-4.20-multi-agent', 'grok-4.3', 'grok-4-fast-reasoning', 'grok-4-fast-non-reasoning', 'grok-4-1-fast-reasoning', 'grok-4-1-fast-non-reasoning', 'grok-4', 'grok-code-fast-1', 'grok-build-0.1', 'grok-3', 'grok-3-fast', 'grok-3-mini', 'grok-3-mini-fast', 'doubao-seed-2.1-pro', 'doubao-seed-2.1-turbo', 'doubao-seed-2.0-pro', 'doubao-seed-2.0-lite', 'doubao-seed-2.0-mini', 'doubao-seed-2.0-code', 'doubao-seed-1.8', 'doubao-seed-2-1-pro-260915', 'doubao-seed-2-1-lite-260915', 'ernie-5.1', 'ernie-4.5-turbo-128k', 'ernie-5.0', 'ernie-4.5-300b-a47b', 'ernie-4.5-21b-a3b', 'ernie-4.5-turbo-32k', 'ernie-x1.1', 'hy3', 'hunyuan-turbos-latest', 'hunyuan-t1-latest', 'hunyuan-large', 'hunyuan-lite', 'command-r-08-2024', 'command-r-plus-08-2024', 'command-r7b-12-2024', 'command-a-03-2025', 'command-a-plus-05-2026', 'nova-pro', 'nova-lite', 'nova-micro', 'nova-premier', 'nova-2-lite', 'sonar', 'sonar-reasoning', 'sonar-reasoning-pro', 'sonar-deep-research', 'sonar-pro', 'nemotron-nano-9b-v2', 'nemotron-3-nano-30b-a3b', 'nemotron-3-super-120b-a12b', 'nemotron-3-ultra-550b-a55b')
    $values = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
    $values[' --format'] = 'word'
    $values[' --color'] = 'auto|always|never'
    $values[' -C'] = 'folder'
    $values[' --config'] = 'file'
    $values['count -m'] = 'model'
    $values['count --model'] = 'model'
    $values['count -e'] = 'encoding'
    $values['count --encoding'] = 'encoding'
    $values['count --by'] = 'file|dir|ext|section'
    $values['count --top'] = 'word'
    $values['count --sort'] = 'tokens|path|bytes'
    $values['count --max'] = 'word'
    $values['count --include'] = 'word'
    $values['count --exclude'] = 'word'
    $values['count --files-from'] = 'file'
    $values['count --as'] = 'text'
    $values['count --special'] = 'text|parse'
    $values['count --detail'] = 'auto|low|medium|high|ultra_high|original'
    $values['count --require'] = 'exact|provider|vendor-local|reconstructed'
    $values['count -o'] = 'file'
    $values['count --output'] = 'file'
    $values['count --format'] = 'table|plain|json|jsonl|csv|markdown'
    $values['count --color'] = 'auto|always|never'
    $values['count -C'] = 'folder'
    $values['count --config'] = 'file'
    $values['diff -m'] = 'model'
    $values['diff --model'] = 'model'
    $values['diff -e'] = 'encoding'
    $values['diff --encoding'] = 'encoding'
    $values['diff --top'] = 'word'
    $values['diff --sort'] = 'tokens|path'
    $values['diff --max'] = 'word'
    $values['diff --include'] = 'word'
    $values['diff --exclude'] = 'word'
    $values['diff --special'] = 'text|parse'
    $values['diff --require'] = 'exact|provider|vendor-local|reconstructed'
    $values['diff -o'] = 'file'
    $values['diff --output'] = 'file'
    $values['diff --format'] = 'table|plain|json|markdown'
    $values['diff --color'] = 'auto|always|never'
    $values['diff -C'] = 'folder'
    $values['diff --config'] = 'file'
    $values['check --base'] = 'word'
    $values['check --scope'] = 'file|total'
    $values['check -o'] = 'file'
    $values['check --output'] = 'file'
    $values['check --format'] = 'table|plain|json|markdown|sarif|github'
    $values['check --color'] = 'auto|always|never'
    $values['check -C'] = 'folder'
    $values['check --config'] = 'file'
    $values['gate --format'] = 'word'
    $values['gate --color'] = 'auto|always|never'
    $values['gate -C'] = 'folder'
    $values['gate --config'] = 'file'
    $values['gate init -m'] = 'model'
    $values['gate init --model'] = 'model'
    $values['gate init -e'] = 'encoding'
    $values['gate init --encoding'] = 'encoding'
    $values['gate init -o'] = 'file'
    $values['gate init --output'] = 'file'
    $values['gate init --format'] = 'plain|json'
    $values['gate init --color'] = 'auto|always|never'
    $values['gate init -C'] = 'folder'
    $values['gate init --config'] = 'file'
    $values['gate explain --format'] = 'plain|json'
    $values['gate explain --color'] = 'auto|always|never'
    $values['gate explain -C'] = 'folder'
    $values['gate explain --config'] = 'file'
    $values['gate update --format'] = 'plain|json'
    $values['gate update --color'] = 'auto|always|never'
    $values['gate update -C'] = 'folder'
    $values['gate update --config'] = 'file'
    $values['gate lock --format'] = 'plain|json'
    $values['gate lock --color'] = 'auto|always|never'
    $values['gate lock -C'] = 'folder'
    $values['gate lock --config'] = 'file'
    $values['encode --text'] = 'word'
    $values['encode -m'] = 'model'
    $values['encode --model'] = 'model'
    $values['encode -e'] = 'encoding'
    $values['encode --encoding'] = 'encoding'
    $values['encode --special'] = 'text|parse'
    $values['encode --as'] = 'text'
    $values['encode -o'] = 'file'
    $values['encode --output'] = 'file'
    $values['encode --format'] = 'plain|json'
    $values['encode --color'] = 'auto|always|never'
    $values['encode -C'] = 'folder'
    $values['encode --config'] = 'file'
    $values['decode -m'] = 'model'
    $values['decode --model'] = 'model'
    $values['decode -e'] = 'encoding'
    $values['decode --encoding'] = 'encoding'
    $values['decode -o'] = 'file'
    $values['decode --output'] = 'file'
    $values['decode --format'] = 'plain|json'
    $values['decode --color'] = 'auto|always|never'
    $values['decode -C'] = 'folder'
    $values['decode --config'] = 'file'
    $values['truncate --text'] = 'word'
    $values['truncate --keep'] = 'head|tail|both'
    $values['truncate --marker'] = 'word'
    $values['truncate -m'] = 'model'
    $values['truncate --model'] = 'model'
    $values['truncate -e'] = 'encoding'
    $values['truncate --encoding'] = 'encoding'
    $values['truncate --special'] = 'text|parse'
    $values['truncate --require'] = 'exact|provider|vendor-local|reconstructed'
    $values['truncate --as'] = 'text'
    $values['truncate -o'] = 'file'
    $values['truncate --output'] = 'file'
    $values['truncate --format'] = 'plain|json'
    $values['truncate --color'] = 'auto|always|never'
    $values['truncate -C'] = 'folder'
    $values['truncate --config'] = 'file'
    $values['config --format'] = 'word'
    $values['config --color'] = 'auto|always|never'
    $values['config -C'] = 'folder'
    $values['config --config'] = 'file'
    $values['config show --format'] = 'plain|json'
    $values['config show --color'] = 'auto|always|never'
    $values['config show -C'] = 'folder'
    $values['config show --config'] = 'file'
    $values['cache --format'] = 'word'
    $values['cache --color'] = 'auto|always|never'
    $values['cache -C'] = 'folder'
    $values['cache --config'] = 'file'
    $values['cache info --format'] = 'plain|json'
    $values['cache info --color'] = 'auto|always|never'
    $values['cache info -C'] = 'folder'
    $values['cache info --config'] = 'file'
    $values['cache clear --format'] = 'plain|json'
    $values['cache clear --color'] = 'auto|always|never'
    $values['cache clear -C'] = 'folder'
    $values['cache clear --config'] = 'file'
    $values['completions -o'] = 'file'
    $values['completions --output'] = 'file'
    $values['completions --format'] = 'plain|json'
    $values['completions --color'] = 'auto|always|never'
    $values['completions -C'] = 'folder'
    $values['completions --config'] = 'file'
    $values['help --format'] = 'plain|json'
    $values['help --color'] = 'auto|always|never'
    $values['help -C'] = 'folder'
    $values['help --config'] = 'file'
    $commands = @{
        '' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['count'] = 'Count tokens in files, directories or stdin'
            $table['diff'] = 'Show what changed in tokens between two revisions'
            $table['check'] = 'Gate for CI and hooks: fail when a limit is passed'
            $table['gate'] = 'Write, explain and keep the rules of the gate'
            $table['encode'] = 'Turn text into token ids'
            $table['decode'] = 'Turn token ids back into text'
            $table['truncate'] = 'Cut text to at most N tokens'
            $table['config'] = 'Show every setting and where it came from'
            $table['cache'] = 'Show or empty the cache of counts'
            $table['completions'] = 'Print the completion script of a shell'
            $table['help'] = 'Explain a command or a topic'
            $table['--version'] = 'Print the version and exit.'
            $table['-V'] = 'Print the version and exit.'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'count' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['-m'] = 'For this model (repeatable).'
            $table['--model'] = 'For this model (repeatable).'
            $table['-e'] = 'With this encoding (repeatable).'
            $table['--encoding'] = 'With this encoding (repeatable).'
            $table['--by'] = 'Break the count down.'
            $table['--tree'] = 'Show folders as a tree; with --by dir without files.'
            $table['--top'] = 'List N rows, sum up the others.'
            $table['--sort'] = 'Order of the rows, largest first (default: tokens).'
            $table['--reverse'] = 'Turn the order of the rows round.'
            $table['--max'] = 'Exit 1 where a total is over N tokens.'
            $table['--window'] = 'Show shares of the model''s context window.'
            $table['--include'] = 'Of folders, only such files.'
            $table['--exclude'] = 'Of folders, no such files.'
            $table['--files-from'] = 'Count the files listed in FILE (- is stdin).'
            $table['-0'] = 'Names in --files-from end in NUL bytes.'
            $table['--null'] = 'Names in --files-from end in NUL bytes.'
            $table['--as'] = 'Take the bytes for text whatever they look like.'
            $table['--special'] = 'Read <|endoftext|> and the like as text (default) or as special tokens.'
            $table['--detail'] = 'Resolution of images: OpenAI''s detail, Gemini''s media_resolution.'
            $table['--require'] = 'Exit 3 where numbers would be made in a worse way.'
            $table['--remote'] = 'Ask the model''s provider: sends the text there (needs its API key).'
            $table['--show-skipped'] = 'Name what was skipped.'
            $table['--all'] = 'List every row, also on a terminal.'
            $table['-q'] = 'Print the bare total, a line for each column.'
            $table['--quiet'] = 'Print the bare total, a line for each column.'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--no-cache'] = 'Neither read nor keep cached counts.'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'diff' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--staged'] = 'Look at what is staged for the next commit.'
            $table['--worktree'] = 'Look at the files as they lie, untracked ones included.'
            $table['-m'] = 'For this model (repeatable).'
            $table['--model'] = 'For this model (repeatable).'
            $table['-e'] = 'With this encoding (repeatable).'
            $table['--encoding'] = 'With this encoding (repeatable).'
            $table['--top'] = 'List N rows, sum up the others.'
            $table['--sort'] = 'Order of the rows (default: tokens, the largest change first).'
            $table['--reverse'] = 'Turn the order of the rows round.'
            $table['--max'] = 'Exit 1 where a total grew by more than N tokens.'
            $table['--include'] = 'Of folders, only such files.'
            $table['--exclude'] = 'Of folders, no such files.'
            $table['--special'] = 'Read <|endoftext|> and the like as text (default) or as special tokens.'
            $table['--require'] = 'Exit 3 where numbers would be made in a worse way.'
            $table['--show-skipped'] = 'Name what was skipped.'
            $table['--all'] = 'List every row, also on a terminal.'
            $table['-q'] = 'Print the bare total, a line for each column.'
            $table['--quiet'] = 'Print the bare total, a line for each column.'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--no-cache'] = 'Neither read nor keep cached counts.'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'check' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--base'] = 'The branch or commit that the change is held against.'
            $table['--staged'] = 'Look at what is staged for the next commit.'
            $table['--worktree'] = 'Look at the files as they lie, untracked ones included.'
            $table['--scope'] = 'Only rules of this scope.'
            $table['--allow-policy-change'] = 'Do not fail because rules let more pass than before.'
            $table['--warn-only'] = 'Show everything and end with exit code 0.'
            $table['--show-skipped'] = 'Name what was skipped.'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--no-cache'] = 'Neither read nor keep cached counts.'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'gate' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['init'] = 'Write a first set of rules from what is here today'
            $table['explain'] = 'Say which rules apply to a file, and why'
            $table['update'] = 'Write down the lowest values that ratchets have reached'
            $table['lock'] = 'Pin how the rules count, in tok.lock'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'gate init' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['-m'] = 'For this model.'
            $table['--model'] = 'For this model.'
            $table['-e'] = 'With this encoding.'
            $table['--encoding'] = 'With this encoding.'
            $table['-o'] = 'Write to FILE (- is stdout) and not to tok.toml.'
            $table['--output'] = 'Write to FILE (- is stdout) and not to tok.toml.'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'gate explain' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'gate update' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'gate lock' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'encode' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--text'] = 'Take this text instead of a file.'
            $table['-m'] = 'For this model.'
            $table['--model'] = 'For this model.'
            $table['-e'] = 'With this encoding.'
            $table['--encoding'] = 'With this encoding.'
            $table['--special'] = 'Read <|endoftext|> and the like as text (default) or as special tokens.'
            $table['--as'] = 'Take the bytes for text whatever they look like.'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'decode' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['-m'] = 'For this model.'
            $table['--model'] = 'For this model.'
            $table['-e'] = 'With this encoding.'
            $table['--encoding'] = 'With this encoding.'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'truncate' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--text'] = 'Take this text instead of a file.'
            $table['--keep'] = 'What to keep (default: head).'
            $table['--marker'] = 'What stands for the middle with --keep both; counted within N (default: a line [...]).'
            $table['-m'] = 'For this model.'
            $table['--model'] = 'For this model.'
            $table['-e'] = 'With this encoding.'
            $table['--encoding'] = 'With this encoding.'
            $table['--special'] = 'Read <|endoftext|> and the like as text (default) or as special tokens.'
            $table['--require'] = 'Exit 3 where numbers would be made in a worse way.'
            $table['--as'] = 'Take the bytes for text whatever they look like.'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'config' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['show'] = 'Print every setting, its value and where it came from'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'config show' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'cache' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['info'] = 'Print where the cache of counts is and how large'
            $table['clear'] = 'Empty the cache of counts'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'cache info' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'cache clear' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'completions' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['bash'] = 'bash'
            $table['zsh'] = 'zsh'
            $table['fish'] = 'fish'
            $table['powershell'] = 'powershell'
            $table['-o'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--output'] = 'Write the answer to FILE, in one piece (- is stdout).'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
        'help' = $(
            $table = [System.Collections.Hashtable]::new([System.StringComparer]::Ordinal)
            $table['count'] = 'count'
            $table['diff'] = 'diff'
            $table['check'] = 'check'
            $table['gate'] = 'gate'
            $table['encode'] = 'encode'
            $table['decode'] = 'decode'
            $table['truncate'] = 'truncate'
            $table['config'] = 'config'
            $table['cache'] = 'cache'
            $table['completions'] = 'completions'
            $table['help'] = 'help'
            $table['exit-codes'] = 'exit-codes'
            $table['settings'] = 'settings'
            $table['formats'] = 'formats'
            $table['gate'] = 'gate'
            $table['methods'] = 'methods'
            $table['models'] = 'models'
            $table['encodings'] = 'encodings'
            $table['--format'] = 'Output format.'
            $table['--json'] = 'Same as --format json.'
            $table['--color'] = 'Colour in the output.'
            $table['-C'] = 'Run as if started in DIR.'
            $table['--config'] = 'Read settings from FILE instead of looking for them.'
            $table['--no-config'] = 'Read no settings file.'
            $table['--debug'] = 'Show the traceback of an error.'
            $table['-h'] = 'Show help and exit.'
            $table['--help'] = 'Show help and exit.'
            $table
        )
    }
    $path = ''
    $wanted = ''
    foreach ($element in ($ast.CommandElements | Select-Object -Skip 1)) {
        if ($element.Extent.EndOffset -ge $position -and $word) { break }
        $text = $element.Extent.Text
        if ($wanted) { $wanted = ''; continue }
        if ($text.StartsWith('-')) {
            if (-not $text.Contains('=')) { $wanted = $values["$path $text"] }
            continue
        }
        $next = "$path $text".Trim()
        if ($commands.ContainsKey($next)) { $path = $next }
    }
    $prefix = ''
    if ($word -match '^(--[^=]+)=(.*)$') {
        $prefix = $Matches[1] + '='
        $wanted = $values["$path $($Matches[1])"]
        $word = $Matches[2]
    }
    if ($wanted -eq 'file' -or $wanted -eq 'folder' -or $wanted -eq 'word') { return }
    if ($wanted) {
        $names = switch ($wanted) { 'encoding' { $encodings } 'model' { $models } default { $wanted -split '\|' } }
        $names | Where-Object { $_ -like "$word*" } | ForEach-Object {
            [System.Management.Automation.CompletionResult]::new("$prefix$_", $_, 'ParameterValue', $_)
        }
        return
    }
    $kind = if ($word.StartsWith('-')) { 'ParameterName' } else { 'ParameterValue' }
    $commands[$path].GetEnumerator() |
        Where-Object { $_.Key -clike "$word*" -and ($_.Key.StartsWith('-') -eq $word.StartsWith('-')) } |
        Sort-Object Key |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_.Key, $_.Key, $kind, $_.Value) }
}
