import {registry} from "@web/core/registry";

registry.category("web_tour.tours").add("dcrm_club_join", {
    steps: () => [
        {
            content: "the customer's clubs",
            trigger: ".o_notebook .nav-link:contains(Clubs)",
            run: "click",
        },
        {
            content: "no member yet",
            trigger: ".o_notebook :contains('Not a member of any club')",
        },
        {
            trigger: "button[name=action_join_club]",
            run: "click",
        },
        {
            content: "of several clubs the seller chooses one",
            trigger: ".modal div[name=club_id] input",
            run: "edit Kitchen",
        },
        {
            trigger: ".modal .ui-menu-item > a:contains(Kitchen Club)",
            run: "click",
        },
        {
            content: "members enter on the first tier, and the price list is shown",
            trigger: ".modal div[name=pricelist_id]:contains('5 % off')",
        },
        {
            trigger: ".modal div[name=tier_id] input",
            run: "click",
        },
        {
            trigger: ".modal .ui-menu-item > a:contains(Gold)",
            run: "click",
        },
        {
            trigger: ".modal div[name=pricelist_id]:contains('10 % off')",
        },
        {
            trigger: ".modal button[name=action_join]",
            run: "click",
        },
        {
            content: "the customer's form shows it",
            trigger:
                "body:not(:has(.modal)) button[name=action_open_memberships]:contains(Gold)",
        },
        {
            trigger:
                "div[name=membership_ids] .o_data_row:contains(Kitchen Club):contains(Active)",
        },
    ],
});

registry.category("web_tour.tours").add("dcrm_club_order", {
    steps: () => [
        {
            trigger: "div[name=partner_id] input",
            run: "edit The Copper Kettle",
        },
        {
            trigger: ".ui-menu-item > a:contains(The Copper Kettle)",
            run: "click",
        },
        {
            trigger: ".o_field_x2many_list_row_add > a:contains(Add a product)",
            run: "click",
        },
        {
            trigger: ".o_selected_row div[name^=product_] input",
            run: "edit Pot of Company A",
        },
        {
            trigger: ".ui-menu-item > a:contains(Pot of Company A)",
            run: "click",
        },
        {
            content: "the tier prices the order",
            trigger: ".oe_subtotal_footer:contains('90.00')",
        },
        {
            trigger: "button.o_form_button_save",
            run: "click",
        },
        {
            trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible",
        },
    ],
});
