import {registry} from "@web/core/registry";

const confirm = [
    {
        trigger: ".o_form_view button[name=action_confirm]",
        run: "click",
    },
    {
        trigger: ".o_arrow_button_current:contains(Sales Order)",
    },
];

registry.category("web_tour.tours").add("dcrm_points_earn", {
    steps: () => [
        {
            content: "the quotation tells what it earns",
            trigger:
                "div[name=points_note]:contains('Earns 200'):contains('Kitchen Club')",
        },
        ...confirm,
        {
            content: "and the order what it has brought",
            trigger: "div[name=loyalty_data]:contains(200)",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_points_redeem", {
    steps: () => [
        {
            content: "the quotation tells what can be used, and for what",
            trigger:
                "div[name=points_note]:contains('300'):contains('can be used, enough for')",
        },
        {
            trigger: "button[name=action_open_reward_wizard]:enabled",
            run: "click",
        },
        {
            trigger: "div[name=order_line] .o_data_row:contains('on your order')",
        },
        ...confirm,
        {
            trigger: "div[name=loyalty_data]:contains(50)",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_points_return", {
    steps: () => [
        {
            trigger: ".o_statusbar_buttons button:contains('Credit Note')",
            run: "click",
        },
        {
            trigger: ".modal button[name=refund_moves]",
            run: "click",
        },
        {
            trigger:
                "body:not(:has(.modal)) .o_statusbar_buttons button[name=action_post]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains(Posted)",
        },
    ],
});
