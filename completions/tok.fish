# fish completion for tok; made by `tok completions fish`, do not edit.

# The words of the command line that name commands: options and their values are left out.
function __tok_command
    set -l words (commandline -opc)
    set -e words[1]
    set -l skip 0
    set -l path
    for word in $words
        if test $skip -eq 1
            set skip 0
            continue
        end
        switch $word
            case '--*=*'
                continue
            case '--as' '--by' '--color' '--config' '--encoding' '--exclude' '--files-from' '--format' '--include' '--keep' '--marker' '--max' '--model' '--output' '--require' '--sort' '--special' '--text' '--top' '-C' '-e' '-m' '-o'
                set skip 1
            case '-*'
                continue
            case '*'
                set -a path $word
        end
    end
    echo "$path"
end

function __tok_at
    set -l path (__tok_command)
    if test "$argv[2]" = open
        string match -q -- "$argv[1]" "$path"; or string match -q -- "$argv[1] *" "$path"
    else
        test "$path" = "$argv[1]"
    end
end

complete -c tok -f

set -g __tok_encodings 'r50k_base' 'p50k_base' 'cl100k_base' 'o200k_base' 'o200k_harmony' 'qwen2' 'qwen3.5' 'deepseek-v3' 'deepseek-v4' 'glm-4' 'glm-4.7' 'kimi-k2' 'tekken' 'minimax' 'claude-legacy' 'llama3' 'llama4' 'gemma4' 'gemma3' 'claude-3' 'claude-4.7' 'claude-4.8'
set -g __tok_models 'gpt-4o' 'gpt-4o-mini' 'gpt-4o-audio-preview' 'gpt-4o-mini-audio-preview' 'gpt-4o-search-preview' 'gpt-4o-mini-search-preview' 'chatgpt-4o-latest' 'gpt-5-chat-latest' 'gpt-5.1-chat-latest' 'gpt-5.2-chat-latest' 'gpt-5.3-chat-latest' 'gpt-4.5-preview' 'o1-mini' 'o1-preview' 'gpt-4o-realtime-preview' 'gpt-4o-mini-realtime-preview' 'gpt-4o-transcribe' 'gpt-4o-mini-transcribe' 'gpt-5-search-api' 'gpt-5.5-cyber' 'gpt-4.1' 'gpt-4.1-mini' 'gpt-4.1-nano' 'o1' 'o1-pro' 'o3' 'o3-mini' 'o3-pro' 'o3-deep-research' 'o4-mini' 'o4-mini-deep-research' 'gpt-5' 'gpt-5-mini' 'gpt-5-nano' 'gpt-5-codex' 'gpt-5.1' 'gpt-5.1-codex' 'gpt-5.1-codex-mini' 'gpt-5.1-codex-max' 'gpt-5.2' 'gpt-5.2-codex' 'gpt-5.2-pro' 'gpt-5.3-codex' 'gpt-5.4-mini' 'gpt-5.4-nano' 'gpt-5.6-cyber' 'gpt-5-pro' 'gpt-5.4' 'gpt-5.4-pro' 'gpt-5.6' 'gpt-5.6-sol' 'gpt-5.6-terra' 'gpt-5.6-luna' 'gpt-5.5' 'gpt-5.5-pro' 'gpt-6-astra' 'gpt-6-sol' 'gpt-6-luna' 'gpt-6.1-sol' 'gpt-6.1-terra' 'gpt-6-rosalind' 'gpt-6-astra-law' 'gpt-audio' 'gpt-audio-mini' 'gpt-audio-1.5' 'gpt-realtime-2' 'gpt-6-cyber' 'gpt-realtime' 'gpt-realtime-mini' 'codex-mini' 'computer-use-preview' 'gpt-oss-120b' 'gpt-oss-20b' 'gpt-oss-safeguard-120b' 'gpt-oss-safeguard-20b' 'gpt-4' 'gpt-4-turbo' 'gpt-4-1106-preview' 'gpt-4-vision-preview' 'gpt-4-32k' 'gpt-3.5-turbo' 'text-embedding-3-small' 'text-embedding-3-large' 'text-embedding-ada-002' 'davinci-002' 'babbage-002' 'gpt-3.5-turbo-instruct' 'gpt-3.5-turbo-0301' 'gpt-3.5-turbo-0613' 'text-davinci-003' 'text-davinci-002' 'code-davinci-002' 'code-davinci-001' 'code-cushman-002' 'code-cushman-001' 'text-davinci-edit-001' 'code-davinci-edit-001' 'text-davinci-001' 'text-curie-001' 'text-babbage-001' 'text-ada-001' 'davinci' 'curie' 'babbage' 'ada' 'gpt2' 'claude-1' 'claude-2' 'claude-2.0' 'claude-2.1' 'claude-instant-1' 'claude-3-opus' 'claude-3-sonnet' 'claude-3-haiku' 'claude-3-5-sonnet' 'claude-3-5-haiku' 'claude-3-7-sonnet' 'claude-opus-4' 'claude-opus-4-1' 'claude-sonnet-4' 'claude-sonnet-4-5' 'claude-haiku-4-5' 'claude-opus-4-5' 'claude-opus-4-6' 'claude-sonnet-4-6' 'claude-opus-4-7' 'claude-opus-4-8' 'claude-sonnet-5' 'claude-fable-5' 'claude-mythos-5' 'claude-opus-5' 'claude-opus-5-5' 'claude-sonnet-5-5' 'claude-haiku-5-5' 'claude-fable-5-1' 'claude-fable-5-2' 'claude-mythos-5-1' 'claude-mythos-5-2' 'claude-mythos-preview' 'gemini-3.5-flash' 'gemini-3.1-flash-lite' 'gemini-3.1-pro-preview' 'gemini-2.5-pro' 'gemini-2.5-flash' 'gemini-2.5-flash-lite' 'gemini-3-pro-preview' 'gemini-3-flash-preview' 'gemini-2.0-flash' 'gemini-2.0-flash-lite' 'gemini-3.5-flash-lite' 'gemini-3.6-flash' 'gemini-3.7-flash' 'gemini-3.8-flash' 'gemini-3.8-flash-cyber' 'gemini-3.1-flash-lite-preview' 'gemini-3.1-pro-preview-customtools' 'gemini-flash-latest' 'gemini-flash-lite-latest' 'gemini-pro-latest' 'gemini-4-argon' 'gemini-1.5-pro' 'gemini-1.5-flash' 'gemini-1.5-flash-8b' 'gemini-embedding-001' 'gemma-2-2b-it' 'gemma-2-9b-it' 'gemma-2-27b-it' 'gemini-embedding-2' 'gemma-3-1b-it' 'gemma-3-4b-it' 'gemma-3-12b-it' 'gemma-3-27b-it' 'gemma-4-e2b-it' 'gemma-4-e4b-it' 'gemma-4-26b-a4b-it' 'gemma-4-31b-it' 'deepseek-v3.1' 'deepseek-v3.2' 'deepseek-v3' 'deepseek-r1' 'deepseek-v4-pro' 'deepseek-v4-flash' 'deepseek-chat' 'deepseek-reasoner' 'deepseek-flash' 'deepseek-v4-flash-vision-exp' 'deepseek-v4.1-flash' 'kimi-k2-0711-preview' 'kimi-k2-0905-preview' 'kimi-k2-turbo-preview' 'kimi-k2-thinking' 'kimi-k2-thinking-turbo' 'kimi-k2.5' 'kimi-k2.6' 'kimi-k2.7-code' 'kimi-k2.7-code-highspeed' 'kimi-k2' 'kimi-k2-base' 'kimi-k3' 'kimi-k3.1-pro' 'kimi-k3.1-pro-highspeed' 'moonshot-v1-128k' 'moonshot-v1-128k-vision-preview' 'moonshot-v1-auto' 'moonshot-v1-32k' 'moonshot-v1-32k-vision-preview' 'moonshot-v1-8k' 'moonshot-v1-8k-vision-preview' 'glm-4.5' 'glm-4.5v' 'glm-4.5-x' 'glm-4.5-air' 'glm-4.5-airx' 'glm-4.5-flash' 'glm-4.6' 'glm-4.6v' 'glm-4-plus' 'glm-4-air' 'glm-4' 'glm-4-9b-0414' 'glm-4-32b-0414' 'glm-z1-9b-0414' 'glm-z1-32b-0414' 'glm-4v' 'glm-4.6v-flash' 'glm-4.7' 'glm-4.7-flash' 'glm-5' 'glm-5.1' 'glm-5.2' 'glm-5.3' 'glm-5.3-flash' 'glm-5.3-flashx' 'glm-5-turbo' 'glm-5v-turbo' 'glm-5-code' 'qwen-turbo' 'qwen-max' 'qwen-flash' 'qwen-coder' 'qwen-long' 'qwen-plus' 'qwen3-max' 'qwen3-coder-plus' 'qwen3-coder-flash' 'qwen3-vl-plus' 'qwq-plus' 'qwen-7b-chat' 'qwen-14b-chat' 'qwen-72b-chat' 'qwen2-0.5b-instruct' 'qwen2-1.5b-instruct' 'qwen2-7b-instruct' 'qwen2-72b-instruct' 'qwen2-vl-2b-instruct' 'qwen2-vl-7b-instruct' 'qwen2-vl-72b-instruct' 'qwen2.5-0.5b-instruct' 'qwen2.5-1.5b-instruct' 'qwen2.5-3b-instruct' 'qwen2.5-7b-instruct' 'qwen2.5-14b-instruct' 'qwen2.5-32b-instruct' 'qwen2.5-72b-instruct' 'qwen2.5-7b-instruct-1m' 'qwen2.5-14b-instruct-1m' 'qwen2.5-coder-1.5b-instruct' 'qwen2.5-coder-7b-instruct' 'qwen2.5-coder-14b-instruct' 'qwen2.5-coder-32b-instruct' 'qwen2.5-math-7b-instruct' 'qwen2.5-math-72b-instruct' 'qwen2.5-vl-3b-instruct' 'qwen2.5-vl-7b-instruct' 'qwen2.5-vl-32b-instruct' 'qwen2.5-vl-72b-instruct' 'qwq-32b' 'qwq-32b-preview' 'qwen3-0.6b' 'qwen3-1.7b' 'qwen3-4b' 'qwen3-8b' 'qwen3-14b' 'qwen3-32b' 'qwen3-30b-a3b' 'qwen3-30b-a3b-instruct-2507' 'qwen3-30b-a3b-thinking-2507' 'qwen3-4b-instruct-2507' 'qwen3-4b-thinking-2507' 'qwen3-235b-a22b' 'qwen3-235b-a22b-instruct-2507' 'qwen3-235b-a22b-thinking-2507' 'qwen3-coder-30b-a3b-instruct' 'qwen3-coder-480b-a35b-instruct' 'qwen3-coder-next' 'qwen3-next-80b-a3b-instruct' 'qwen3-next-80b-a3b-thinking' 'qwen3-vl-2b-instruct' 'qwen3-vl-4b-instruct' 'qwen3-vl-8b-instruct' 'qwen3-vl-30b-a3b-instruct' 'qwen3-vl-32b-instruct' 'qwen3-vl-235b-a22b-instruct' 'qwen3-embedding-0.6b' 'qwen3-embedding-4b' 'qwen3-embedding-8b' 'qwen3-reranker-0.6b' 'qwen3-reranker-4b' 'qwen3-reranker-8b' 'qwen3.5-plus' 'qwen3.5-0.8b' 'qwen3.5-2b' 'qwen3.5-4b' 'qwen3.5-9b' 'qwen3.5-27b' 'qwen3.5-35b-a3b' 'qwen3.5-122b-a10b' 'qwen3.5-397b-a17b' 'qwen3.6-27b' 'qwen3.6-35b-a3b' 'qwen3.7-max' 'qwen3.7-plus' 'qwen3.8-max' 'qwen3.8-flash' 'qwen3.8-omni-flash' 'qwen3.8-27b' 'minimax-m2' 'minimax-m2.1' 'minimax-m2.5' 'minimax-m2.7' 'minimax-m3' 'minimax-text-01' 'minimax-m1-40k' 'minimax-m1-80k' 'minimax-m3.1-flash' 'open-mistral-nemo' 'ministral-8b-2410' 'mistral-small-2409' 'pixtral-12b-2409' 'mistral-large-4' 'mistral-large-latest' 'mistral-large-2512' 'mistral-medium-latest' 'mistral-medium-3-5' 'mistral-medium-3' 'mistral-small-latest' 'mistral-small-2603' 'ministral-8b-2512' 'ministral-14b-2512' 'devstral-2512' 'magistral-medium-latest' 'magistral-small-latest' 'ministral-3b-2512' 'codestral-latest' 'codestral-2508' 'pixtral-large-latest' 'mistral-large-2407' 'mistral-large-2411' 'mistral-small-2501' 'mistral-small-2503' 'mistral-small-2506' 'pixtral-large-2411' 'devstral-small-latest' 'devstral-medium-latest' 'llama-3-8b' 'llama-3-70b' 'llama-3.1-8b' 'llama-3.1-70b' 'llama-3.1-405b' 'llama-3.2-1b' 'llama-3.2-3b' 'llama-3.2-11b-vision' 'llama-3.2-90b-vision' 'llama-3.3-70b' 'llama-4-scout-17b-16e' 'llama-4-maverick-17b-128e' 'muse-wonder-1.0' 'muse-spark-1.1' 'muse-spark-1.2' 'muse-spark-1.2-contributor' 'muse-spark-1.3' 'muse-spark-1.3-contributor' 'phi-4' 'grok-4.5' 'grok-4.6' 'grok-4.7' 'grok-4.20' 'grok-4.20-reasoning' 'grok-4.20-non-reasoning' 'grok-4.20-multi-agent' 'grok-4.3' 'grok-4-fast-reasoning' 'grok-4-fast-non-reasoning' 'grok-4-1-fast-reasoning' 'grok-4-1-fast-non-reasoning' 'grok-4' 'grok-code-fast-1' 'grok-build-0.1' 'grok-3' 'grok-3-fast' 'grok-3-mini' 'grok-3-mini-fast' 'doubao-seed-2.1-pro' 'doubao-seed-2.1-turbo' 'doubao-seed-2.0-pro' 'doubao-seed-2.0-lite' 'doubao-seed-2.0-mini' 'doubao-seed-2.0-code' 'doubao-seed-1.8' 'doubao-seed-2-1-pro-260915' 'doubao-seed-2-1-lite-260915' 'ernie-5.1' 'ernie-4.5-turbo-128k' 'ernie-5.0' 'ernie-4.5-300b-a47b' 'ernie-4.5-21b-a3b' 'ernie-4.5-turbo-32k' 'ernie-x1.1' 'hy3' 'hunyuan-turbos-latest' 'hunyuan-t1-latest' 'hunyuan-large' 'hunyuan-lite' 'command-r-08-2024' 'command-r-plus-08-2024' 'command-r7b-12-2024' 'command-a-03-2025' 'command-a-plus-05-2026' 'nova-pro' 'nova-lite' 'nova-micro' 'nova-premier' 'nova-2-lite' 'sonar' 'sonar-reasoning' 'sonar-reasoning-pro' 'sonar-deep-research' 'sonar-pro' 'nemotron-nano-9b-v2' 'nemotron-3-nano-30b-a3b' 'nemotron-3-super-120b-a12b' 'nemotron-3-ultra-550b-a55b'

complete -c tok -n '__tok_at ""' -a 'count' -d 'Count tokens in files, directories or stdin'
complete -c tok -n '__tok_at ""' -a 'encode' -d 'Turn text into token ids'
complete -c tok -n '__tok_at ""' -a 'decode' -d 'Turn token ids back into text'
complete -c tok -n '__tok_at ""' -a 'truncate' -d 'Cut text to at most N tokens'
complete -c tok -n '__tok_at ""' -a 'config' -d 'Show every setting and where it came from'
complete -c tok -n '__tok_at ""' -a 'cache' -d 'Show or empty the cache of counts'
complete -c tok -n '__tok_at ""' -a 'completions' -d 'Print the completion script of a shell'
complete -c tok -n '__tok_at ""' -a 'help' -d 'Explain a command or a topic'
complete -c tok -n '__tok_at ""' -l version -s V -d 'Print the version and exit'
complete -c tok -n '__tok_at ""' -l format -x -d 'Output format'
complete -c tok -n '__tok_at ""' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at ""' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at ""' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at ""' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at ""' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at ""' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at ""' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "count" open' -s m -l model -x -a '$__tok_models' -d 'For this model (repeatable)'
complete -c tok -n '__tok_at "count" open' -s e -l encoding -x -a '$__tok_encodings' -d 'With this encoding (repeatable)'
complete -c tok -n '__tok_at "count" open' -l by -x -a 'file dir ext section' -d 'Break the count down'
complete -c tok -n '__tok_at "count" open' -l tree -d 'Show folders as a tree; with --by dir without files'
complete -c tok -n '__tok_at "count" open' -l top -x -d 'List N rows, sum up the others'
complete -c tok -n '__tok_at "count" open' -l sort -x -a 'tokens path bytes' -d 'Order of the rows, largest first (default: tokens)'
complete -c tok -n '__tok_at "count" open' -l reverse -d 'Turn the order of the rows round'
complete -c tok -n '__tok_at "count" open' -l max -x -d 'Exit 1 where a total is over N tokens'
complete -c tok -n '__tok_at "count" open' -l window -d 'Show shares of the model\'s context window'
complete -c tok -n '__tok_at "count" open' -l include -x -d 'Of folders, only such files'
complete -c tok -n '__tok_at "count" open' -l exclude -x -d 'Of folders, no such files'
complete -c tok -n '__tok_at "count" open' -l files-from -r -F -d 'Count the files listed in FILE (- is stdin)'
complete -c tok -n '__tok_at "count" open' -s 0 -l null -d 'Names in --files-from end in NUL bytes'
complete -c tok -n '__tok_at "count" open' -l as -x -a 'text' -d 'Take the bytes for text whatever they look like'
complete -c tok -n '__tok_at "count" open' -l special -x -a 'text parse' -d 'Read <|endoftext|> and the like as text (default) or as special tokens'
complete -c tok -n '__tok_at "count" open' -l require -x -a 'exact provider vendor-local reconstructed' -d 'Exit 3 where numbers would be made in a worse way'
complete -c tok -n '__tok_at "count" open' -l show-skipped -d 'Name what was skipped'
complete -c tok -n '__tok_at "count" open' -l all -d 'List every row, also on a terminal'
complete -c tok -n '__tok_at "count" open' -s q -l quiet -d 'Print the bare total, a line for each column'
complete -c tok -n '__tok_at "count" open' -s o -l output -r -F -d 'Write the answer to FILE, in one piece (- is stdout)'
complete -c tok -n '__tok_at "count" open' -l no-cache -d 'Neither read nor keep cached counts'
complete -c tok -n '__tok_at "count" open' -l format -x -a 'table plain json jsonl csv markdown' -d 'Output format'
complete -c tok -n '__tok_at "count" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "count" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "count" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "count" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "count" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "count" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "count" open' -s h -l help -d 'Show help and exit'
complete -c tok -n '__tok_at "count" open' -F

complete -c tok -n '__tok_at "encode" open' -l text -x -d 'Take this text instead of a file'
complete -c tok -n '__tok_at "encode" open' -s m -l model -x -a '$__tok_models' -d 'For this model'
complete -c tok -n '__tok_at "encode" open' -s e -l encoding -x -a '$__tok_encodings' -d 'With this encoding'
complete -c tok -n '__tok_at "encode" open' -l special -x -a 'text parse' -d 'Read <|endoftext|> and the like as text (default) or as special tokens'
complete -c tok -n '__tok_at "encode" open' -l as -x -a 'text' -d 'Take the bytes for text whatever they look like'
complete -c tok -n '__tok_at "encode" open' -s o -l output -r -F -d 'Write the answer to FILE, in one piece (- is stdout)'
complete -c tok -n '__tok_at "encode" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "encode" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "encode" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "encode" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "encode" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "encode" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "encode" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "encode" open' -s h -l help -d 'Show help and exit'
complete -c tok -n '__tok_at "encode" open' -F

complete -c tok -n '__tok_at "decode" open' -s m -l model -x -a '$__tok_models' -d 'For this model'
complete -c tok -n '__tok_at "decode" open' -s e -l encoding -x -a '$__tok_encodings' -d 'With this encoding'
complete -c tok -n '__tok_at "decode" open' -s o -l output -r -F -d 'Write the answer to FILE, in one piece (- is stdout)'
complete -c tok -n '__tok_at "decode" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "decode" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "decode" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "decode" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "decode" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "decode" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "decode" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "decode" open' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "truncate" open' -l text -x -d 'Take this text instead of a file'
complete -c tok -n '__tok_at "truncate" open' -l keep -x -a 'head tail both' -d 'What to keep (default: head)'
complete -c tok -n '__tok_at "truncate" open' -l marker -x -d 'What stands for the middle with --keep both; counted within N (default: a line [...])'
complete -c tok -n '__tok_at "truncate" open' -s m -l model -x -a '$__tok_models' -d 'For this model'
complete -c tok -n '__tok_at "truncate" open' -s e -l encoding -x -a '$__tok_encodings' -d 'With this encoding'
complete -c tok -n '__tok_at "truncate" open' -l special -x -a 'text parse' -d 'Read <|endoftext|> and the like as text (default) or as special tokens'
complete -c tok -n '__tok_at "truncate" open' -l require -x -a 'exact provider vendor-local reconstructed' -d 'Exit 3 where numbers would be made in a worse way'
complete -c tok -n '__tok_at "truncate" open' -l as -x -a 'text' -d 'Take the bytes for text whatever they look like'
complete -c tok -n '__tok_at "truncate" open' -s o -l output -r -F -d 'Write the answer to FILE, in one piece (- is stdout)'
complete -c tok -n '__tok_at "truncate" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "truncate" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "truncate" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "truncate" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "truncate" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "truncate" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "truncate" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "truncate" open' -s h -l help -d 'Show help and exit'
complete -c tok -n '__tok_at "truncate" open' -F

complete -c tok -n '__tok_at "config"' -a 'show' -d 'Print every setting, its value and where it came from'
complete -c tok -n '__tok_at "config"' -l format -x -d 'Output format'
complete -c tok -n '__tok_at "config"' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "config"' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "config"' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "config"' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "config"' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "config"' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "config"' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "config show" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "config show" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "config show" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "config show" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "config show" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "config show" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "config show" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "config show" open' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "cache"' -a 'info' -d 'Print where the cache of counts is and how large'
complete -c tok -n '__tok_at "cache"' -a 'clear' -d 'Empty the cache of counts'
complete -c tok -n '__tok_at "cache"' -l format -x -d 'Output format'
complete -c tok -n '__tok_at "cache"' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "cache"' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "cache"' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "cache"' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "cache"' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "cache"' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "cache"' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "cache info" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "cache info" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "cache info" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "cache info" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "cache info" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "cache info" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "cache info" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "cache info" open' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "cache clear" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "cache clear" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "cache clear" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "cache clear" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "cache clear" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "cache clear" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "cache clear" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "cache clear" open' -s h -l help -d 'Show help and exit'

complete -c tok -n '__tok_at "completions" open' -s o -l output -r -F -d 'Write the answer to FILE, in one piece (- is stdout)'
complete -c tok -n '__tok_at "completions" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "completions" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "completions" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "completions" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "completions" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "completions" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "completions" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "completions" open' -s h -l help -d 'Show help and exit'
complete -c tok -n '__tok_at "completions" open' -a 'bash zsh fish powershell'

complete -c tok -n '__tok_at "help" open' -l format -x -a 'plain json' -d 'Output format'
complete -c tok -n '__tok_at "help" open' -l json -d 'Same as --format json'
complete -c tok -n '__tok_at "help" open' -l color -x -a 'auto always never' -d 'Colour in the output'
complete -c tok -n '__tok_at "help" open' -s C -x -a '(__fish_complete_directories)' -d 'Run as if started in DIR'
complete -c tok -n '__tok_at "help" open' -l config -r -F -d 'Read settings from FILE instead of looking for them'
complete -c tok -n '__tok_at "help" open' -l no-config -d 'Read no settings file'
complete -c tok -n '__tok_at "help" open' -l debug -d 'Show the traceback of an error'
complete -c tok -n '__tok_at "help" open' -s h -l help -d 'Show help and exit'
complete -c tok -n '__tok_at "help" open' -a 'count encode decode truncate config cache completions help exit-codes settings formats methods models encodings'

