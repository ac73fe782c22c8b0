"""Names of providers: what genai-prices and litellm call those that cards call otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tokencli.errors import TokError

SAME: Mapping[str, str] = {
    "aws": "bedrock",
    "bedrock_converse": "bedrock",
    "amazon_nova": "amazon-nova",
    "x-ai": "xai",
    "moonshotai": "moonshot",
    "zhipuai": "zhipu",
    "bigmodel": "zhipu",
    "gemini": "google",
    "vertex_ai": "vertex",
    "vertex_ai-language-models": "vertex",
    "vertex_ai-anthropic_models": "vertex",
    "vertex_ai-mistral_models": "vertex",
    "vertex_ai-llama_models": "vertex",
    "vertex_ai-embedding-models": "vertex",
    "vertex_ai-video-models": "vertex",
    "vertex_ai-ai21_models": "vertex",
    "vertex_ai-deepseek_models": "vertex",
    "vertex_ai-qwen_models": "vertex",
    "vertex_ai-zai_models": "vertex",
    "vertex_ai-openai_models": "vertex",
    "vertex_ai-minimax_models": "vertex",
    "vertex_ai-moonshot_models": "vertex",
    "vertex_ai-text-models": "vertex",
    "azure_text": "azure",
    "azure_ai": "azure-ai",
    "dashscope": "alibaba",
    "qwencloud": "alibaba",
    "qwen_ai_platform": "alibaba",
    "cohere_chat": "cohere",
    "text-completion-openai": "openai",
    "text-completion-codestral": "codestral",
    "text-completion-inception": "inception",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "fireworks_ai-embedding-models": "fireworks",
    "voyage": "voyageai",
    "github_copilot": "github-copilot",
    "tencent": "tencent-intl",
}
"""Providers of the data by the name of their card. Tencent's own card is in CNY; what litellm has of it is in USD."""

CONVERTED: Mapping[str, str] = {
    "zhipuai": "made from CNY at 7.25 to the dollar",
    "bigmodel": "made from CNY at 7.0 to the dollar",
    "volcengine": "made from CNY at 6.9565 to the dollar",
}
"""Providers whose dollars are no price of theirs but another currency at some rate; cards keep that currency."""


TITLES: Mapping[str, str] = {
    "ai21": "AI21 Labs",
    "alibaba": "Alibaba Cloud Model Studio (international)",
    "amazon-nova": "Amazon Nova API",
    "assemblyai": "AssemblyAI",
    "azure": "Azure OpenAI",
    "azure-ai": "Microsoft Foundry",
    "bedrock": "Amazon Bedrock",
    "bedrock_mantle": "Amazon Bedrock Mantle",
    "black_forest_labs": "Black Forest Labs",
    "codestral": "Mistral Codestral endpoint",
    "deepgram": "Deepgram",
    "google": "Google Gemini API",
    "jina_ai": "Jina AI",
    "meta_llama": "Meta Llama API",
    "openai": "OpenAI",
    "recraft": "Recraft",
    "runwayml": "Runway",
    "stability": "Stability AI",
    "tencent-intl": "Tencent Cloud (international)",
    "vertex": "Google Vertex AI",
    "voyageai": "Voyage AI",
    "xai": "xAI",
}
"""Names for people, of providers that have none in the data."""


NAMED = 8
"""Providers that an error names where none is like the one asked for."""


def card_name(provider: str) -> str:
    """The id that a provider of the data has as a card."""
    return SAME.get(provider, provider.lower().replace(" ", "-"))


def chosen(wanted: Iterable[str], there: Iterable[str]) -> frozenset[str]:
    """The providers of the data that are asked for, by either name; all where none is. TokError `unknown-provider`."""
    from difflib import get_close_matches

    known = sorted(set(there))
    found = set()
    for name in wanted:
        fitting = {one for one in known if name.lower() in (one.lower(), card_name(one))}
        if not fitting:
            near = get_close_matches(name.lower(), known, n=3) or known[:NAMED]
            hint = f"it has {', '.join(near)}{' and others' if len(near) < len(known) else ''}"
            raise TokError(f"no provider {name!r} in the data", hint=hint, code="unknown-provider")
        found |= fitting
    return frozenset(found or known)
