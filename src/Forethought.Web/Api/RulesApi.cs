using System.Globalization;
using Forethought.Encoding;
using Microsoft.AspNetCore.Http;

namespace Forethought.Web;

/// <summary>
/// The routes <c>/api/v1/rules</c>, <c>/api/v1/alerts</c> and <c>/api/v1/alertmanagers</c>. This version evaluates no rules and
/// sends no alerts, so the lists are empty; the parameters are checked as ever.
/// </summary>
internal static class RulesApi
{
    public static async Task RulesAsync(HttpContext context)
    {
        ApiParameters parameters = await ApiParameters.ReadAsync(context.Request).ConfigureAwait(false);
        parameters.ThrowIfBroken();
        parameters.Selectors();
#pragma warning disable CA1308 // Upstream compares, and shows, the lower case.
        string type = parameters.Text("type").ToLowerInvariant();
        string excludeAlerts = parameters.Text("exclude_alerts").ToLowerInvariant();
#pragma warning restore CA1308
        if (type is not ("" or "alert" or "record"))
            throw ApiException.InvalidParameter("type", $"not supported value {GoQuote.Quote(type)}");
        if (excludeAlerts is not ("" or "1" or "t" or "true" or "0" or "f" or "false"))
        {
            throw ApiException.InvalidParameter(
                "exclude_alerts", $"error converting exclude_alerts: strconv.ParseBool: parsing {GoQuote.Quote(excludeAlerts)}: invalid syntax");
        }

        CheckPage(parameters.Text("group_limit"), parameters.Text("group_next_token"));
        await AnswerAsync(context, "{\"groups\":[]}"u8.ToArray()).ConfigureAwait(false);
    }

    public static Task AlertsAsync(HttpContext context) => AnswerAsync(context, "{\"alerts\":[]}"u8.ToArray());

    public static Task AlertmanagersAsync(HttpContext context) =>
        AnswerAsync(context, "{\"activeAlertmanagers\":[],\"droppedAlertmanagers\":[]}"u8.ToArray());

    private static void CheckPage(string limitText, string token)
    {
        if (limitText.Length == 0)
        {
            if (token.Length > 0)
                throw ApiException.InvalidParameter("group_next_token", "group_limit needs to be present in order to paginate over the groups");
            return;
        }

        if (!int.TryParse(limitText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int limit))
        {
            throw ApiException.InvalidParameter(
                "group_limit",
                $"group_limit needs to be a valid number: strconv.ParseInt: parsing {GoQuote.Quote(limitText)}: {ApiParameters.IntegerProblem(limitText)}");
        }

        if (limit <= 0)
            throw ApiException.InvalidParameter("group_limit", "group_limit needs to be greater than 0");
        if (token.Length > 0)
            throw ApiException.InvalidParameter("group_next_token", $"invalid group_next_token '{token}'. were rule groups changed?");
    }

    private static async Task AnswerAsync(HttpContext context, ReadOnlyMemory<byte> data)
    {
        using JsonOutput output = ApiAnswer.Begin(context);
        output.Raw(data.Span);
        await ApiAnswer.EndAsync(context, output, []).ConfigureAwait(false);
    }
}
